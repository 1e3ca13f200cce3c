// A request as a coroutine: the state machine of event_loop.cpp, written straight down.
#pragma once

#include "tasks/coroutine.hpp"
#include "work/job.hpp"

namespace two_cakes {

/// Makes the request of `job` and waits, on the running loop, until its answer is there and right.
/// Throws where it isn't. What it refers to must live until it has finished or is destroyed.
Task<> wait_for_reply(const Target& target, const Job& job);

}  // namespace two_cakes
