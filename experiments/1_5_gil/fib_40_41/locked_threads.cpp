// threads under the imitated lock: a thread each, and one lock between them. Diff with threads.cpp.
#include <thread>

#include "locked_fib.hpp"
#include "models.hpp"

namespace two_cakes {

FibPair run_locked_threads(int n)
{
  FibPair pair;
  SwitchingLock lock;
  {
    const std::jthread first([&] { pair.first = locked_fib(n, lock); });
    const std::jthread second([&] { pair.second = locked_fib(n + 1, lock); });
  }
  return pair;
}

}  // namespace two_cakes
