// future: the task's thread will put the result into a place that the starter holds. The starter
// asks for it when it wants it, and waits if it isn't there yet.
#include <future>

#include "background_thread.hpp"
#include "ways.hpp"

namespace two_cakes {

Told told_by_future(const LongTask& task, Meanwhile& meanwhile)
{
  std::packaged_task<Ending()> promised([&task] { return task.run(); });
  std::future<Ending> future = promised.get_future();
  const std::jthread background = in_background(std::move(promised));

  meanwhile.do_all();
  const Ending ending = future.get();
  return {ending, Clock::now()};
}

}  // namespace two_cakes
