// processes_pipe: how the programs of `a | b` wait for each other.
#include "pipe_baton.hpp"
#include "two_players.hpp"

namespace two_cakes {

Played switch_processes_pipe(const Play& play) { return play_in_processes<PipeBaton>(play); }

}  // namespace two_cakes
