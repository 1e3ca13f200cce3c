// Where a computation is done that a callback of the loop asks for.
#pragma once

#include "computation.hpp"
#include "ticks.hpp"

namespace two_cakes {

struct Outcome {
  std::vector<Ticks::Tick> ticks;
  Computed computed;
};

// Each runs a loop with ticks, and with one computation of `plan.block` beside them, until all are
// done. Blocks. Throws SyscallError, naming the limit, where a thread or a descriptor can't be had.

/// In the callback itself.
Outcome run_event_loop(const Plan& plan);
/// In the loop's pool, by run_in_pool.
Outcome run_event_loop_pool(const Plan& plan);

}  // namespace two_cakes
