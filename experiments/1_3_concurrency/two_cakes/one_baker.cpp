#include "one_baker.hpp"

#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

Task bake(EventLoop& loop, const Recipe& recipe, Begun begun)
{
  auto wanted = Clock::now();
  while (begun.cake->turns < recipe.turns) {
    wanted = work_on(*begun.cake, recipe, *begun.lane, wanted);
    co_await sleep_until(loop, wanted);
  }
}

}  // namespace

void bake_at_once(const Recipe& recipe, const Share& share)
{
  EventLoop loop;
  std::vector<Task> tasks;
  for (const Begun& begun : share) tasks.push_back(bake(loop, recipe, begun));
  for (Task& task : tasks) task.start_on(loop);
  loop.run();
  for (const Task& task : tasks) task.result();
}

}  // namespace two_cakes
