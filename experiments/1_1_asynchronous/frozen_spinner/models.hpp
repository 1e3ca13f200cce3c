// One application, five places for its slow operation. Each model ticks a little, does the
// operation, ticks a little more, and returns the operation's answer. Each blocks until all is
// over, and throws only where it can't begin.
#pragma once

#include "operation.hpp"
#include "spinner.hpp"

namespace two_cakes {

/// So many ticks come before the operation, and after it.
inline constexpr int kTicksAround = 2;

Answer run_blocking(const Operation& operation, Spinner& spinner);
Answer run_threads(const Operation& operation, Spinner& spinner);
Answer run_processes(const Operation& operation, Spinner& spinner);
Answer run_coroutines(const Operation& operation, Spinner& spinner);
Answer run_event_loop_pool(const Operation& operation, Spinner& spinner);

}  // namespace two_cakes
