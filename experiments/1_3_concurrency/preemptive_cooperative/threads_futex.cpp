// threads_futex: what a mutex or a condition variable does at its bottom, when it has to wait.
#include "os/futex_baton.hpp"
#include "two_players.hpp"

namespace two_cakes {

Played switch_threads_futex(const Play& play) { return play_in_threads<FutexBaton>(play); }

}  // namespace two_cakes
