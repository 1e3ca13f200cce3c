// The loop that every model runs: each thread takes a reference to the one object and drops it,
// again and again.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/units.hpp"
#include "models.hpp"
#include "os/affinity.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

/// One thread's share of the pairs: it takes kHeld references, drops them, and so on.
template <class View>
void take_and_drop(View& view, std::int64_t pairs)
{
  for (; pairs > 0; pairs -= kHeld) {
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

struct Times {
  Clock::time_point start;
  Clock::time_point end;
};

/// An Object has final_count(), and for each thread a View with take() and drop(), which that
/// thread makes for itself (View(object, is_owner)) and destroys before final_count() is read. The
/// first thread is the owner.
template <class Object>
Counted count_pairs(const Work& work)
{
  Object object;
  std::vector<Times> times(work.threads);
  std::atomic<int> missing{work.threads};
  const std::vector<int> cores = allowed_cores();
  const auto run = [&](int i) {
    // A core for each, as far as there are: else the scheduler might run them one after the other,
    // and nobody would meet.
    pin_this_thread({cores[i % cores.size()]});
    --missing;
    while (missing > 0) std::this_thread::yield();
    times[i].start = Clock::now();
    {
      typename Object::View view(object, i == 0);
      take_and_drop(view, work.pairs / work.threads);
    }
    times[i].end = Clock::now();
  };
  std::vector<std::jthread> threads;
  try {
    for (int i = 0; i < work.threads; ++i) threads.push_back(start_thread([&run, i] { run(i); }));
  } catch (...) {
    missing = 0;  // nobody waits for a thread that couldn't be had
    throw;
  }
  threads.clear();  // joins them
  const auto first = std::ranges::min(times, {}, &Times::start).start;
  const auto last = std::ranges::max(times, {}, &Times::end).end;
  return {object.final_count(), to_seconds(last - first)};
}

}  // namespace two_cakes
