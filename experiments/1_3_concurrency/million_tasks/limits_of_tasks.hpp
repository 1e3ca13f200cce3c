// How many threads and processes this machine lets one have. Looked up, and not tried out: whoever
// takes the last process number leaves none to anybody else.
#pragma once

#include <cstdint>
#include <string>

namespace two_cakes {

struct TaskLimit {
  std::uint64_t tasks = 0;
  std::string name;  // of the limit that is reached first, with its value
};

/// Threads of one process; nine tenths of what the lowest limit allows.
TaskLimit threads_limit();

/// Processes; nine tenths of what the lowest limit allows.
TaskLimit processes_limit_here();

/// What only memory limits.
TaskLimit no_limit();

}  // namespace two_cakes
