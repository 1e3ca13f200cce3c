// The spinner as a task on a loop: it sleeps from tick to tick, and the loop may do other things
// meanwhile.
#pragma once

#include "spinner.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes {

/// Ticks until the loop stops; then it is destroyed while it sleeps.
inline Task<> turning(Spinner& spinner)
{
  for (;;) {
    co_await sleep_until(spinner.next());
    spinner.tick_if_due();
  }
}

}  // namespace two_cakes
