// Fibonacci as an interpreter runs it: at each call it looks whether anybody wants something of
// this thread.
#pragma once

#include <cstdint>

namespace two_cakes {

/// fib(n), counted as the book counts, n at least 1; calls `look()` on entry of every call, as
/// CPython looks at its eval breaker.
template <class Look>
std::uint64_t interpreted_fib(int n, Look& look)
{
  look();
  if (n == 1) return 0;
  if (n == 2) return 1;
  return interpreted_fib(n - 1, look) + interpreted_fib(n - 2, look);
}

}  // namespace two_cakes
