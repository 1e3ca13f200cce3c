// The loop that every model runs: each thread takes a reference to the one object and drops it,
// again and again.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/units.hpp"
#include "models.hpp"
#include "os/affinity.hpp"

namespace two_cakes {

/// An Object has final_count(), and for each thread a View with take() and drop(), which that
/// thread makes for itself (View(object, is_owner)) and destroys before final_count() is read. The
/// first thread is the owner.
template <class Object>
Counted count_pairs(const Work& work)
{
  Object object;
  std::vector<Clock::time_point> starts(work.threads);
  std::vector<Clock::time_point> ends(work.threads);
  std::atomic<int> missing{work.threads};
  const std::vector<int> cores = allowed_cores();
  std::vector<std::jthread> threads;
  for (int i = 0; i < work.threads; ++i)
    threads.emplace_back([&, i] {
      // A core for each, as far as there are: else the scheduler might run them one after the
      // other, and nobody would meet.
      pin_this_thread({cores[i % cores.size()]});
      --missing;
      while (missing > 0) std::this_thread::yield();
      starts[i] = Clock::now();
      {
        typename Object::View view(object, i == 0);
        for (std::int64_t pairs = work.pairs / work.threads; pairs > 0; pairs -= kHeld) {
          for (int held = 0; held < kHeld; ++held) {
            view.take();
            benchmark::ClobberMemory();  // the compiler may not add up 1,000 of them in one step
          }
          for (int held = kHeld; held > 0; --held) {
            view.drop();
            benchmark::ClobberMemory();
          }
        }
      }
      ends[i] = Clock::now();
    });
  threads.clear();
  const auto first = *std::min_element(starts.begin(), starts.end());
  const auto last = *std::max_element(ends.begin(), ends.end());
  return {object.final_count(), to_seconds(last - first)};
}

}  // namespace two_cakes
