// cooperative: coroutines that compute, on one core. Each keeps the core for as long as it likes:
// here for kOwnTurn, and it says when that is over. A loop has no clock that takes anything away,
// so that one who never says so holds up all the others.
#include <string>

#include "os/affinity.hpp"
#include "spinners.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

Task<> spin(Clock::time_point end, Lane& lane, Stretches& stretches)
{
  auto wanted = Clock::now();
  while (Clock::now() < end) {
    const auto begin = Clock::now();
    auto now = begin;
    {
      Computing computing(lane, wanted);
      while (now < begin + kOwnTurn && now < end) now = computing.look();
    }
    if (now < end) stretches.push_back(to_seconds(now - begin));
    wanted = now;
    co_await next_turn();
  }
}

}  // namespace

Stretches spin_cooperative(const Spin& wanted, Timeline& timeline)
{
  const ScopedPin here({wanted.core});
  Stretches stretches;
  EventLoop loop;
  const auto end = Clock::now() + wanted.time;
  for (int i = 0; i < wanted.spinners; ++i)
    loop.spawn(spin(end, timeline.lane("coroutine " + std::to_string(i + 1)), stretches));
  loop.run();
  return stretches;
}

}  // namespace two_cakes
