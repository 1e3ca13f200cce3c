// event_loop_pool: the callback hands the computation to a thread of the pool, and is told of its
// end (asyncio: run_in_executor). The loop goes on meanwhile.
#include "models.hpp"
#include "tasks/thread_pool.hpp"

namespace two_cakes {

Outcome run_event_loop_pool(const Plan& plan)
{
  EventLoop loop;
  ThreadPool pool(1);
  Computed computed;
  const Ticks ticks(loop, plan);
  loop.call_at(ticks.time_to_compute(), [&] {
    loop.run_in_pool(
        pool, [&] { computed = compute_for(plan.block); }, [] {});
  });
  loop.run();
  return {ticks.all(), computed};
}

}  // namespace two_cakes
