// Jobs that wait, compute, or both, shared equally by threads under one lock.
#pragma once

#include <chrono>
#include <cstdint>

namespace two_cakes {

inline constexpr int kUnit = 10;  // what is computed again and again: fib(10)
inline constexpr std::uint64_t kUnitSum = 34;

struct Jobs {
  int threads = 1;
  int jobs_per_thread = 1;
  std::chrono::microseconds wait{0};  // each job first lets the lock go for so long
  int units = 0;                      // then it computes fib(10) so many times
  std::chrono::microseconds switch_interval{5'000};
};

/// Both do all jobs, block until the last is done, and return the sum of what was computed.
std::uint64_t run_real_gil(const Jobs& jobs);      // CPython's threads and CPython's lock
std::uint64_t run_imitated_gil(const Jobs& jobs);  // C++ threads and SwitchingLock

/// How many units each of them computes in `time` on an undisturbed core. Measured once in a
/// process; 0 for no time.
int real_units_in(std::chrono::microseconds time);
int imitated_units_in(std::chrono::microseconds time);

}  // namespace two_cakes
