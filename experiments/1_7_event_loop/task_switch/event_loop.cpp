// event_loop: a task is a callback that asks the loop for its next turn. Nothing of it is kept in
// between but what it carries along.
#include "tasks/event_loop.hpp"

#include "models.hpp"

namespace two_cakes {
namespace {

struct Players {
  EventLoop loop{};
  const Plan plan;
  Outcome outcome{.turns = std::vector<long>(plan.tasks)};

  void take_turn(int me)
  {
    if (me == 0 && outcome.turns[me] == 0) outcome.begin = Clock::now();
    if (outcome.turns[me] == plan.rounds) {
      if (me == 0) outcome.end = Clock::now();
      return;
    }
    ++outcome.turns[me];
    loop.call_soon([this, me] { take_turn(me); });
  }
};

}  // namespace

Outcome switch_event_loop(const Plan& plan)
{
  Players players{.plan = plan};
  for (int i = 0; i < plan.tasks; ++i)
    players.loop.call_soon([&players, i] { players.take_turn(i); });
  players.loop.run();
  return players.outcome;
}

Outcome create_event_loop(int tasks)
{
  EventLoop loop;
  Outcome outcome{.turns = std::vector<long>(tasks), .begin = Clock::now()};
  for (int i = 0; i < tasks; ++i) loop.call_soon([&outcome, i] { ++outcome.turns[i]; });
  loop.run();
  outcome.end = Clock::now();
  return outcome;
}

}  // namespace two_cakes
