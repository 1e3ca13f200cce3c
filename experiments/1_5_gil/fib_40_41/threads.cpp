// threads, C++: a thread each, and nothing between them. The longer job is what is left.
#include "models.hpp"
#include "tasks/start_thread.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {

FibPair run_threads(int n)
{
  FibPair pair;
  {
    const std::jthread first = start_thread([&] { pair.first = fib(n); });
    const std::jthread second = start_thread([&] { pair.second = fib(n + 1); });
  }
  return pair;
}

}  // namespace two_cakes
