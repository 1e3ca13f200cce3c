// threads_pipe: the same between threads, by a byte through the kernel.
#include "pipe_baton.hpp"
#include "two_players.hpp"

namespace two_cakes {

Played switch_threads_pipe(const Play& play) { return play_in_threads<PipeBaton>(play); }

}  // namespace two_cakes
