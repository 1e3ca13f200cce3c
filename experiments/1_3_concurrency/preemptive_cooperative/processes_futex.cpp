// processes_futex: the word lies in memory that two processes share. The kernel must also change
// from one memory to the other.
#include "os/futex_baton.hpp"
#include "two_players.hpp"

namespace two_cakes {

Played switch_processes_futex(const Play& play) { return play_in_processes<FutexBaton>(play); }

}  // namespace two_cakes
