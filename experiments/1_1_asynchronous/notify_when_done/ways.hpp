// Seven ways to be told. Each starts the task in the background, does its own work meanwhile, and
// is told. Each blocks until then, and throws only where it can't begin.
#pragma once

#include "long_task.hpp"

namespace two_cakes {

struct Told {
  Ending ending;
  Clock::time_point noticed;  // the first moment at which somebody could act on the end
};

/// Keeps SIGCHLD from being delivered, in this thread and those that it starts later:
/// told_by_sigchld reads it from a descriptor. Call it before any thread is started.
void block_sigchld();

Told told_by_future(const LongTask& task, Meanwhile& meanwhile);
Told told_by_condition_variable(const LongTask& task, Meanwhile& meanwhile);
Told told_by_callback(const LongTask& task, Meanwhile& meanwhile);
Told told_by_eventfd(const LongTask& task, Meanwhile& meanwhile);
Told told_by_coroutine(const LongTask& task, Meanwhile& meanwhile);
Told told_by_sigchld(const LongTask& task, Meanwhile& meanwhile);
Told told_by_waitpid(const LongTask& task, Meanwhile& meanwhile);

}  // namespace two_cakes
