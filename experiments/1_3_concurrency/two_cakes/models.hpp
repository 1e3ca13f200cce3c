// Ways to bake the same cakes.
#pragma once

#include "cake.hpp"

namespace two_cakes {

// Each bakes all cakes of `order` in `ovens` and returns what came out, in the order of the cakes;
// in `timeline` each cake gets a lane. Blocks. Throws SyscallError, naming the limit, where a
// thread can't be had.

/// One cake after the other: while it pauses, so does the baker.
Cakes bake_serial(const Order& order, const Ovens& ovens, Timeline& timeline);
/// All at once in the first oven: while one pauses, the baker turns to another.
Cakes bake_concurrent(const Order& order, const Ovens& ovens, Timeline& timeline);
/// The same in every oven, with a baker each; the cakes are dealt out beforehand.
Cakes bake_parallel(const Order& order, const Ovens& ovens, Timeline& timeline);

}  // namespace two_cakes
