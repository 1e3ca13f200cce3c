// serial: one cake after the other. While it pauses, the baker stands by and waits.
#include <thread>

#include "models.hpp"
#include "os/affinity.hpp"

namespace two_cakes {
namespace {

void bake(Cake& cake, const Recipe& recipe, Lane& lane)
{
  auto wanted = Clock::now();
  while (cake.turns < recipe.turns) {
    wanted = work_on(cake, recipe, lane, wanted);
    std::this_thread::sleep_until(wanted);
  }
}

}  // namespace

Cakes bake_serial(const Order& order, const Ovens& ovens, Timeline& timeline)
{
  const ScopedPin in_one_oven({ovens.front()});
  Cakes cakes(order.cakes);
  std::vector<Lane*> lanes;
  for (int i = 0; i < order.cakes; ++i) lanes.push_back(&timeline.lane(lane_name(i)));
  for (int i = 0; i < order.cakes; ++i) bake(cakes[i], order.recipe, *lanes[i]);
  return cakes;
}

}  // namespace two_cakes
