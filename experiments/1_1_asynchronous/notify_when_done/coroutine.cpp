// coroutine: the same loop and the same descriptor underneath, but the starter reads straight down:
// it awaits the task, and goes on in the next line. What is done meanwhile is another coroutine.
#include "tasks/coroutine.hpp"

#include "ways.hpp"

namespace two_cakes {
namespace {

Task go_on(EventLoop& loop, Meanwhile& meanwhile)
{
  while (meanwhile.do_a_piece()) co_await sleep_until(loop, Clock::now());  // the others' turn
}

Task await_task(EventLoop& loop, ThreadPool& pool, const LongTask& task, Told& told)
{
  Ending ending;
  co_await in_pool(loop, pool, [&] { ending = task.run(); });
  told = {ending, Clock::now()};
}

}  // namespace

Told told_by_coroutine(const LongTask& task, Meanwhile& meanwhile)
{
  Told told;
  EventLoop loop;
  ThreadPool pool(1);
  Task awaiting = await_task(loop, pool, task, told);
  Task going_on = go_on(loop, meanwhile);
  awaiting.start_on(loop);
  going_on.start_on(loop);
  loop.run();
  return told;
}

}  // namespace two_cakes
