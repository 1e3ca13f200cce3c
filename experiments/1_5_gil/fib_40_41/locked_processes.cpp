// processes, with the imitated lock in each: a lock that isn't shared keeps nobody out. Diff with
// processes.cpp.
#include "locked_fib.hpp"
#include "models.hpp"
#include "tasks/in_children.hpp"

namespace two_cakes {

FibPair run_locked_processes(int n)
{
  const auto answers = run_in_children(2, [n](int i) {
    SwitchingLock lock;
    return bytes_of(locked_fib(n + i, lock));
  });
  return {number_of(answers[0]), number_of(answers[1])};
}

}  // namespace two_cakes
