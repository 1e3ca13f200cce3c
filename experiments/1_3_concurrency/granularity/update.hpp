// What an update is, for all models alike: read, compute a little, write. What differs is what is
// between the reading and the writing of others.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace two_cakes {

/// `value` + `change`, after a computation that takes some 30 ns: so long is the gap between
/// reading and writing, in a program that does anything with what it has read.
inline std::int64_t computed(std::int64_t value, std::int64_t change)
{
  std::uint64_t mark = static_cast<std::uint64_t>(value) | 1;
  for (int step = 0; step < 25; ++step) {
    mark ^= mark << 13;
    mark ^= mark >> 7;
    mark ^= mark << 17;
  }
  benchmark::DoNotOptimize(mark);
  // Neither is it done before the reading nor after the writing.
  return value + change + static_cast<std::int64_t>(mark == 0);
}

}  // namespace two_cakes
