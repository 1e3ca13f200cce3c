// event_loop_pool: the loop ticks, and hands the operation, as it is, to a pool of threads (what
// asyncio calls run_in_executor). It may block there, or compute: the loop only awaits its end.
#include "models.hpp"
#include "tasks/coroutine.hpp"
#include "turning.hpp"

namespace two_cakes {
namespace {

Task<> operate(EventLoop& loop, ThreadPool& pool, const Operation& operation, Spinner& spinner,
               Answer& answer)
{
  co_await sleep_until(spinner.between_ticks_after(kTicksAround));
  spinner.operation_begins();
  co_await in_pool(pool, [&] { answer = perform(operation); });
  spinner.operation_ends();
  co_await sleep_until(spinner.between_ticks_after(kTicksAround));
  loop.stop();
}

}  // namespace

Answer run_event_loop_pool(const Operation& operation, Spinner& spinner)
{
  Answer answer;
  EventLoop loop;
  ThreadPool pool(1);
  loop.spawn(turning(spinner));
  loop.spawn(operate(loop, pool, operation, spinner, answer));
  loop.run();
  return answer;
}

}  // namespace two_cakes
