#include "bound.hpp"

namespace two_cakes {

Bound bound_one_by_one(const Order& order)
{
  const Recipe& recipe = order.recipe;
  return {order.cakes * recipe.turns * to_seconds(recipe.work + recipe.pause), "sum of all turns"};
}

Bound bound_at_once(const Order& order, int ovens)
{
  const Recipe& recipe = order.recipe;
  const double work_s = to_seconds(recipe.work);
  const double pause_s = to_seconds(recipe.pause);
  const int before_the_last = (order.cakes - 1) / ovens;  // in the last one's oven
  const double all_work_s = work_s * recipe.turns * order.cakes / ovens + pause_s;
  const double one_cake_s = recipe.turns * (work_s + pause_s) + before_the_last * work_s;
  if (all_work_s > one_cake_s) return {all_work_s, "all work / ovens"};
  return {one_cake_s, "the last cake"};
}

}  // namespace two_cakes
