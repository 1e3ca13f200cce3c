// coroutines: the turn goes through the loop's queue of what is ready. No system call, no other
// stack: the loop calls the next one where it left off.
#include "tasks/coroutine.hpp"

#include "base/units.hpp"
#include "os/affinity.hpp"
#include "switches.hpp"

namespace two_cakes {
namespace {

Task<> play_rounds(long& passes, int rounds)
{
  for (; rounds > 0; --rounds) {
    ++passes;
    co_await next_turn();
  }
}

}  // namespace

Played switch_coroutines(const Play& play)
{
  const ScopedPin here({play.core_a});
  EventLoop loop;
  Played played;
  loop.spawn(play_rounds(played.passes_a, play.hand_overs / 2));
  loop.spawn(play_rounds(played.passes_b, play.hand_overs / 2));
  const auto begin = Clock::now();
  loop.run();
  played.seconds = to_seconds(Clock::now() - begin);
  return played;
}

}  // namespace two_cakes
