// The work of listings 1.5 and 1.6: two Fibonacci numbers, one after the other in the sequence.
#pragma once

#include <cstdint>

#include "work/python/call.hpp"

namespace two_cakes {

/// fib(n) and fib(n + 1).
struct FibPair {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// Throws WrongAnswer, naming the number, unless both are right.
void check_pair(const FibPair& pair, int n);

/// The two calls of chapter.py's fib, and what they returned.
PythonCalls python_calls(int n);
FibPair pair_of(const PythonValues& values);

}  // namespace two_cakes
