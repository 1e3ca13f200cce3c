// Ways to have many tasks asleep.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/units.hpp"

namespace two_cakes {

struct Nap {
  int tasks = 0;
  std::chrono::milliseconds time{0};
};

struct Slept {
  long tasks = 0;         // that have slept to their end
  double seconds = 0;     // from before the first began to after the last had ended
  std::size_t bytes = 0;  // what those took who slept when the last had begun
  long asleep = 0;        // how many they were: fewer than all, where to begin takes longer than to
                          // sleep
};

// Each begins all tasks, blocks until the last has ended, and returns. Throws SyscallError, naming
// the limit, where one can't be had.
Slept sleep_in_threads(const Nap& nap);
Slept sleep_in_processes(const Nap& nap);
Slept sleep_in_coroutines(const Nap& nap);

}  // namespace two_cakes
