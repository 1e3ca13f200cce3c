// Kinds of tasks, all with one contract.
#pragma once

#include <vector>

#include "base/units.hpp"

namespace two_cakes {

struct Plan {
  int tasks = 2;
  int rounds = 1;  // how often each lets the next one go on
};

struct Outcome {
  std::vector<long> turns;  // of each task
  Clock::time_point begin;
  Clock::time_point end;
};

// All of these block, on the core that the calling thread is bound to. Throw SyscallError, naming
// the limit, where a task can't be had.

// Make the tasks, and let them take turns. From the first one's first turn until it would have its
// next after all rounds: that is tasks * rounds switches.
Outcome switch_event_loop(const Plan& plan);
Outcome switch_coroutines(const Plan& plan);
Outcome switch_threads(const Plan& plan);
Outcome switch_processes(const Plan& plan);

// Make `tasks` tasks, each of which takes one turn and ends, and see to the end of all of them.
Outcome create_event_loop(int tasks);
Outcome create_coroutines(int tasks);
Outcome create_threads(int tasks);
Outcome create_processes(int tasks);

}  // namespace two_cakes
