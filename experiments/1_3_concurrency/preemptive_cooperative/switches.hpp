// Ways to hand the turn to somebody else and to get it back, all with one contract.
#pragma once

namespace two_cakes {

struct Play {
  int hand_overs = 0;  // in all, half of them in each direction
  int core_a = 0;      // the cores of the two
  int core_b = 0;
};

struct Played {
  long passes_a = 0;  // how often each has passed the turn on while the clock ran
  long passes_b = 0;
  double seconds = 0;
};

// Each makes two players, lets them warm up, and blocks until they are done and gone. Throws
// SyscallError, naming the limit, where one can't be had.

Played switch_threads_futex(const Play& play);
Played switch_threads_pipe(const Play& play);
Played switch_processes_futex(const Play& play);
Played switch_processes_pipe(const Play& play);
/// Both on one thread, on `core_a`.
Played switch_coroutines(const Play& play);

}  // namespace two_cakes
