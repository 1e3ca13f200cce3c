// What arithmetic alone allows: the least time in which the cakes can be baked.
#pragma once

#include "cake.hpp"

namespace two_cakes {

struct Bound {
  double seconds = 0;
  const char* name = "";
};

/// One after the other: the sum of all turns.
Bound bound_one_by_one(const Order& order);

/// At once in so many ovens. The longer of two: the ovens' work without a gap, with the last cake's
/// pause behind it; or one cake from end to end, begun when those before it have had the oven once.
/// That is what is reached, too, when whoever is ready first is taken first.
Bound bound_at_once(const Order& order, int ovens);

}  // namespace two_cakes
