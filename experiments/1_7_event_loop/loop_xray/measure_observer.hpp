// What an observer costs a loop, and what its absence costs.
#pragma once

#include "harness/series.hpp"

namespace two_cakes {

/// Coroutines that take so many steps through the loop's queue, all together; with an observer that
/// counts them if `observed`, else without any. Counter: step_s, the seconds for one step.
Series measure_observer(int steps, bool observed);

}  // namespace two_cakes
