// coroutines: each task is a frame on the heap, as large as what it has to remember, and a place
// among the loop's timers. The kernel knows of one thread, which sleeps.
#include <vector>

#include "memory.hpp"
#include "sleepers.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

Task sleep_once(EventLoop& loop, std::chrono::milliseconds time, long& slept)
{
  co_await sleep_until(loop, Clock::now() + time);
  ++slept;
}

}  // namespace

Slept sleep_in_coroutines(const Sleep& sleep)
{
  const std::size_t before = own_memory_bytes();
  const auto begin = Clock::now();
  std::size_t during = before;
  long asleep = 0;
  long slept = 0;
  EventLoop loop;
  std::vector<Task> tasks;
  tasks.reserve(sleep.tasks);
  for (int i = 0; i < sleep.tasks; ++i) tasks.push_back(sleep_once(loop, sleep.time, slept));
  for (Task& task : tasks) task.start_on(loop);
  loop.call_soon([&] {  // behind all of them: they sleep by now
    during = own_memory_bytes();
    asleep = sleep.tasks - slept;
  });
  loop.run();
  for (const Task& task : tasks) task.result();
  return {slept, to_seconds(Clock::now() - begin), during - before, asleep};
}

}  // namespace two_cakes
