// The steps from a deque to an event loop, each a file that stands alone. Read them in this order,
// or `diff` one with the next.
#pragma once

#include "load.hpp"

namespace two_cakes {

// Each takes `load` to its end on a loop of its own, on the calling thread, and returns what was
// handled when. Blocks. Throws SyscallError, naming the limit, where a thread or a descriptor can't
// be had.

/// The chapter's: the newest message first, and round and round where there is none.
Outcome run_deque(const Load& load);
/// The oldest message first.
Outcome run_fifo(const Load& load);
/// Sleeps while there is no message.
Outcome run_blocking_wait(const Load& load);
/// Sleeps until the next deadline at the latest.
Outcome run_timers(const Load& load);
/// Sleeps until a descriptor is ready, too.
Outcome run_sockets(const Load& load);
/// The same, but what waits in its queue are coroutines.
Outcome run_coroutines(const Load& load);

}  // namespace two_cakes
