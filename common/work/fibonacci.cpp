#include "work/fibonacci.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

void check_range(int n)
{
  if (n < 1 || n > 93) throw UsageError(fmt::format("fib({}): n goes from 1 to 93", n));
}

std::uint64_t recursive_fib(int n)
{
  if (n == 1) return 0;
  if (n == 2) return 1;
  return recursive_fib(n - 1) + recursive_fib(n - 2);
}

}  // namespace

// noipa: the compiler may not see that fib() is pure and call it once for a loop of equal jobs.
[[gnu::noipa]] std::uint64_t fib(int n)
{
  check_range(n);
  return recursive_fib(n);
}

std::uint64_t known_fib(int n)
{
  check_range(n);
  std::uint64_t current = 0;
  std::uint64_t next = 1;
  for (int i = 1; i < n; ++i) {
    const std::uint64_t sum = current + next;
    current = next;
    next = sum;
  }
  return current;
}

}  // namespace two_cakes
