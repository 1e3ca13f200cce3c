// parallel: an oven and a baker more. Each bakes a share of the cakes, at the same time as the
// other.
#include "models.hpp"
#include "one_baker.hpp"
#include "os/affinity.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

Cakes bake_parallel(const Order& order, const Ovens& ovens, Timeline& timeline)
{
  Cakes cakes(order.cakes);
  std::vector<Share> shares(ovens.size());
  for (int i = 0; i < order.cakes; ++i)
    shares[i % ovens.size()].push_back({&cakes[i], &timeline.lane(lane_name(i))});
  std::vector<std::jthread> bakers;
  for (std::size_t i = 0; i < ovens.size(); ++i)
    bakers.push_back(start_thread([&order, oven = ovens[i], &share = shares[i]] {
      pin_this_thread({oven});
      bake_at_once(order.recipe, share);
    }));
  bakers.clear();  // joins them
  return cakes;
}

}  // namespace two_cakes
