// concurrent: one baker, one oven, all cakes at once. Each is a coroutine that says when it pauses,
// and the loop turns to one that doesn't.
#include "models.hpp"
#include "one_baker.hpp"
#include "os/affinity.hpp"

namespace two_cakes {

Cakes bake_concurrent(const Order& order, const Ovens& ovens, Timeline& timeline)
{
  const ScopedPin in_one_oven({ovens.front()});
  Cakes cakes(order.cakes);
  Share share;
  for (int i = 0; i < order.cakes; ++i) share.push_back({&cakes[i], &timeline.lane(lane_name(i))});
  bake_at_once(order.recipe, share);
  return cakes;
}

}  // namespace two_cakes
