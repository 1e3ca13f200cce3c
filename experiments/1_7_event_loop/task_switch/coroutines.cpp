// coroutines: a task is a function that stops in its middle. Its frame, some hundred bytes, is what
// waits in the loop's queue.
#include "tasks/coroutine.hpp"

#include "models.hpp"

namespace two_cakes {
namespace {

Task<> take_turns(const Plan& plan, Outcome& outcome, int me)
{
  if (me == 0) outcome.begin = Clock::now();
  for (int round = 0; round < plan.rounds; ++round) {
    ++outcome.turns[me];
    co_await next_turn();
  }
  if (me == 0) outcome.end = Clock::now();
}

Task<> take_one_turn(long& turns)
{
  ++turns;
  co_return;
}

}  // namespace

Outcome switch_coroutines(const Plan& plan)
{
  EventLoop loop;
  Outcome outcome{.turns = std::vector<long>(plan.tasks)};
  for (int i = 0; i < plan.tasks; ++i) loop.spawn(take_turns(plan, outcome, i));
  loop.run();
  return outcome;
}

Outcome create_coroutines(int tasks)
{
  EventLoop loop;
  Outcome outcome{.turns = std::vector<long>(tasks), .begin = Clock::now()};
  for (int i = 0; i < tasks; ++i) loop.spawn(take_one_turn(outcome.turns[i]));
  loop.run();
  outcome.end = Clock::now();
  return outcome;
}

}  // namespace two_cakes
