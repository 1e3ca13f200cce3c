// What one callback computes: as much as takes a core so long.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/units.hpp"

namespace two_cakes {

struct Computed {
  std::uint64_t numbers = 0;  // how many Fibonacci numbers
  std::uint64_t sum = 0;      // of them
  std::chrono::nanoseconds cpu{0};
  Clock::time_point began;
  Clock::time_point ended;
};

/// Computes until this thread has used `length` of CPU time. Blocks, on a busy machine for longer.
Computed compute_for(std::chrono::milliseconds length);

/// Throws WrongAnswer unless `computed` is right, and took as long as it should.
void check_computed(const Computed& computed, std::chrono::milliseconds length);

}  // namespace two_cakes
