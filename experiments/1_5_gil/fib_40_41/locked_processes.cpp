// processes, with the imitated lock in each: a lock that isn't shared keeps nobody out. Diff with
// processes.cpp.
#include "base/bytes.hpp"
#include "locked_fib.hpp"
#include "models.hpp"
#include "tasks/in_children.hpp"

namespace two_cakes {

FibPair run_locked_processes(int n)
{
  const auto answers = run_in_children(2, [n](int i) {
    SwitchingLock lock;
    return to_bytes<std::uint64_t>(locked_fib(n + i, lock));
  });
  return {from_bytes<std::uint64_t>(answers[0]), from_bytes<std::uint64_t>(answers[1])};
}

}  // namespace two_cakes
