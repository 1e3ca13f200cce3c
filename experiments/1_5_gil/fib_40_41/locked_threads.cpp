// threads under the imitated lock: a thread each, and one lock between them. Diff with threads.cpp.
#include "locked_fib.hpp"
#include "models.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

FibPair run_locked_threads(int n)
{
  FibPair pair;
  SwitchingLock lock;
  {
    const std::jthread first = start_thread([&] { pair.first = locked_fib(n, lock); });
    const std::jthread second = start_thread([&] { pair.second = locked_fib(n + 1, lock); });
  }
  return pair;
}

}  // namespace two_cakes
