// waitpid: the starter asks the kernel for the child's end, and sleeps until it comes. The child is
// gone then, and reaped.
#include "task_in_child.hpp"
#include "ways.hpp"

namespace two_cakes {

Told told_by_waitpid(const LongTask& task, Meanwhile& meanwhile)
{
  SharedEnding shared;
  Child child = start_in_child(task, shared);

  meanwhile.do_all();
  const ExitStatus status = child.wait();
  const auto noticed = Clock::now();
  check_child(status);
  return {shared.get(), noticed};
}

}  // namespace two_cakes
