// coroutine: the same loop and the same descriptor underneath, but the starter reads straight down:
// it awaits the task, and goes on in the next line. What is done meanwhile is another coroutine.
#include "tasks/coroutine.hpp"

#include "ways.hpp"

using namespace std::chrono_literals;

namespace two_cakes {
namespace {

Task<> go_on(Meanwhile& meanwhile)
{
  while (meanwhile.do_a_piece()) co_await sleep_for(0s);  // the others' turn
}

Task<> await_task(ThreadPool& pool, const LongTask& task, Told& told)
{
  const Ending ending = co_await in_pool(pool, [&] { return task.run(); });
  told = {ending, Clock::now()};
}

}  // namespace

Told told_by_coroutine(const LongTask& task, Meanwhile& meanwhile)
{
  Told told;
  EventLoop loop;
  ThreadPool pool(1);
  loop.spawn(await_task(pool, task, told));
  loop.spawn(go_on(meanwhile));
  loop.run();
  return told;
}

}  // namespace two_cakes
