// The convoy effect: a thread that mostly waits, beside one that only computes, under one lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace two_cakes {

struct Convoy {
  int requests = 1;
  std::chrono::microseconds wait{1'000};  // what each request takes by itself
  int portion_units = 1;  // the other thread's work comes in portions of so many times fib(10)
  std::chrono::microseconds switch_interval{5'000};
};

struct ConvoyResult {
  std::vector<double> request_s;  // from the start of each request until its thread runs on
  std::int64_t portions = 0;      // what the other thread computed meanwhile
  std::uint64_t sum = 0;          // of what it computed
};

/// One thread waits again and again, for `wait` each time, and lets the lock go meanwhile; to go
/// on, it must have it back. The other computes until that is over. Blocks.
ConvoyResult run_real_convoy(const Convoy& convoy);
ConvoyResult run_imitated_convoy(const Convoy& convoy);

}  // namespace two_cakes
