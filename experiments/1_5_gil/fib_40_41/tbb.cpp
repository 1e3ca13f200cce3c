// tbb: fib(n) is fib(n - 1) and fib(n - 2), which are jobs again. With jobs by the hundred no core
// waits for the longer of two.
#include <tbb/parallel_invoke.h>

#include "models.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

constexpr int kTooSmallToSplit = 20;  // some microseconds: a task costs far less

std::uint64_t split_fib(int n)
{
  if (n <= kTooSmallToSplit) return fib(n);
  std::uint64_t one = 0;
  std::uint64_t other = 0;
  tbb::parallel_invoke([&] { one = split_fib(n - 1); }, [&] { other = split_fib(n - 2); });
  return one + other;
}

}  // namespace

FibPair run_tbb(int n)
{
  FibPair pair;
  tbb::parallel_invoke([&] { pair.first = split_fib(n); }, [&] { pair.second = split_fib(n + 1); });
  return pair;
}

}  // namespace two_cakes
