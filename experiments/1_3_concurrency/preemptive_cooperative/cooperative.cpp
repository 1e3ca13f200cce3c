// cooperative: coroutines that compute, on one core. Each keeps the core for as long as it likes:
// here for kOwnTurn, and it says when that is over. A loop has no clock that takes anything away,
// so that one who never says so holds up all the others.
#include <string>

#include "next_turn.hpp"
#include "os/affinity.hpp"
#include "spinners.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

Task spin(EventLoop& loop, Clock::time_point end, Lane& lane, Stretches& stretches)
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
    co_await next_turn(loop);
  }
}

}  // namespace

Stretches spin_cooperative(const Spin& wanted, Timeline& timeline)
{
  const ScopedPin here({wanted.core});
  Stretches stretches;
  EventLoop loop;
  const auto end = Clock::now() + wanted.time;
  std::vector<Task> tasks;
  for (int i = 0; i < wanted.spinners; ++i)
    tasks.push_back(
        spin(loop, end, timeline.lane("coroutine " + std::to_string(i + 1)), stretches));
  for (Task& task : tasks) task.start_on(loop);
  loop.run();
  for (const Task& task : tasks) task.result();
  return stretches;
}

}  // namespace two_cakes
