#include "one_baker.hpp"

#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

Task<> bake(const Recipe& recipe, Begun begun)
{
  auto wanted = Clock::now();
  while (begun.cake->turns < recipe.turns) {
    wanted = work_on(*begun.cake, recipe, *begun.lane, wanted);
    co_await sleep_until(wanted);
  }
}

}  // namespace

void bake_at_once(const Recipe& recipe, const Share& share)
{
  EventLoop loop;
  for (const Begun& begun : share) loop.spawn(bake(recipe, begun));
  loop.run();
}

}  // namespace two_cakes
