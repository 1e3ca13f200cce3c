// event_loop: the callback computes, and the loop with it: a loop runs one callback at a time, to
// its end.
#include "models.hpp"

namespace two_cakes {

Outcome run_event_loop(const Plan& plan)
{
  EventLoop loop;
  Computed computed;
  const Ticks ticks(loop, plan);
  loop.call_at(ticks.time_to_compute(), [&] { computed = compute_for(plan.block); });
  loop.run();
  return {ticks.all(), computed};
}

}  // namespace two_cakes
