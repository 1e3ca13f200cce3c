// coroutines: each task is a frame on the heap, as large as what it has to remember, and a place
// among the loop's timers. The kernel knows of one thread, which sleeps.
#include "tasks/coroutine.hpp"

#include "memory.hpp"
#include "sleepers.hpp"

namespace two_cakes {
namespace {

struct Bedroom {
  Clock::duration time{0};
  long slept = 0;
};

/// What it has to remember is one reference.
Task<> sleep_once(Bedroom& bedroom)
{
  co_await sleep_for(bedroom.time);
  ++bedroom.slept;
}

/// Looks, once all the others sleep, at what they take, and at how many they are.
Task<> look_at(const Bedroom& bedroom, Slept& seen)
{
  co_await next_turn();
  seen.bytes = own_memory_bytes() - seen.bytes;
  seen.asleep -= bedroom.slept;
}

}  // namespace

Slept sleep_in_coroutines(const Nap& nap)
{
  Slept seen{.bytes = own_memory_bytes(), .asleep = nap.tasks};
  const auto begin = Clock::now();
  Bedroom bedroom{.time = nap.time};
  EventLoop loop;
  for (int i = 0; i < nap.tasks; ++i) loop.spawn(sleep_once(bedroom));
  loop.spawn(look_at(bedroom, seen));
  loop.run();
  seen.tasks = bedroom.slept;
  seen.seconds = to_seconds(Clock::now() - begin);
  return seen;
}

}  // namespace two_cakes
