// One way of being told, as a series of the harness.
#pragma once

#include <chrono>

#include "harness/series.hpp"
#include "ways.hpp"

namespace two_cakes {

struct Way {
  const char* name;
  Told (*run)(const LongTask&, Meanwhile&);
};

/// Latencies are those from a task's end to the notice. Counters: notice_s is their median in
/// seconds, and pieces_meanwhile the part of the starter's work, 0 to 1, that was done before the
/// task had ended. `per_fib` is seconds_for_fib(kFib).
Series measure_way(const Way& way, std::chrono::milliseconds length, double per_fib, int rounds);

}  // namespace two_cakes
