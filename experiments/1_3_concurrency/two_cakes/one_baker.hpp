// One baker who has several cakes going at once.
#pragma once

#include <vector>

#include "cake.hpp"

namespace two_cakes {

/// A cake to bake, and where to note it.
struct Begun {
  Cake* cake;
  Lane* lane;
};
using Share = std::vector<Begun>;

/// Bakes the cakes of `share` at once on the calling thread: whenever one pauses, another's turn
/// comes. Blocks until all are done.
void bake_at_once(const Recipe& recipe, const Share& share);

}  // namespace two_cakes
