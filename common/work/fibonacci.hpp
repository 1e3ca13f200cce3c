// CPU kernel: the chapter's own, naive recursive Fibonacci (listing 1.5).
#pragma once

#include <cstdint>

namespace two_cakes {

/// The n-th Fibonacci number, counted as the book counts: fib(1) = 0, fib(2) = 1, fib(40) =
/// 63,245,986. Naive on purpose: about 1.6 times the work for each step of n, and no memory at all.
/// Throws UsageError for n below 1 or above 93, where 64 bits end.
std::uint64_t fib(int n);

/// The same number in n additions: the known answer that fib() is checked against.
std::uint64_t known_fib(int n);

/// Seconds for one fib(n) on an undisturbed core: the fastest batch of all that were tried in this
/// process, eight more at each call, each of about half a millisecond or one fib(n). Blocks; any
/// thread. Throws as fib() does.
double seconds_for_fib(int n);

}  // namespace two_cakes
