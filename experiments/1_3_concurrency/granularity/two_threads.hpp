// Two threads that update the same numbers.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "base/units.hpp"
#include "models.hpp"
#include "os/affinity.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

/// A Numbers has update(), which may be called by both threads at once and returns whether the sum
/// was right when it looked afterwards, first() and second().
template <class Numbers>
Outcome update_in_threads(const Work& work)
{
  Numbers numbers;
  struct Seen {
    std::int64_t broken = 0;
    Clock::time_point begin, end;
  };
  std::array<Seen, kWorkers> seen;
  std::atomic<int> missing{kWorkers};
  const auto run = [&](int me) {
    pin_this_thread({work.cores[me]});
    --missing;
    while (missing > 0) std::this_thread::yield();
    Seen own;
    own.begin = Clock::now();
    for (std::int64_t left = work.updates / kWorkers; left > 0; --left)
      if (!numbers.update()) ++own.broken;
    own.end = Clock::now();
    seen[me] = own;
  };
  std::vector<std::jthread> threads;
  try {
    for (int i = 0; i < kWorkers; ++i) threads.push_back(start_thread([&run, i] { run(i); }));
  } catch (...) {
    missing = 0;  // nobody waits for a thread that couldn't be had
    throw;
  }
  threads.clear();  // joins them
  return {.first = numbers.first(),
          .second = numbers.second(),
          .broken_sums = seen[0].broken + seen[1].broken,
          .seconds = to_seconds(std::max(seen[0].end, seen[1].end) -
                                std::min(seen[0].begin, seen[1].begin))};
}

}  // namespace two_cakes
