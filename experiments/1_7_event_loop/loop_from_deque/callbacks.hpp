// The four loads as callbacks: what an application looks like on a loop without coroutines.
#pragma once

#include "load.hpp"
#include "loop.hpp"

namespace two_cakes {

/// Takes `load` to its end on `loop`. Blocks.
Outcome run_callbacks(Loop& loop, const Load& load);

}  // namespace two_cakes
