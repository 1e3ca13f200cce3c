// What the process does once, before it serves.
#pragma once

#include <cstdint>
#include <string_view>

namespace two_cakes::slow_server {

/// Raises the limit of open descriptors to the hard limit. Where that fails, the old one stays.
void raise_open_files_limit();

/// Has this process killed (SIGKILL) when its parent ends. `parent_pid` is the parent that the
/// caller expects, 0 for whoever it is. If the parent ended before this call, it exits at once.
/// "Parent" is, for Linux, the thread that started this process (man 2 PR_SET_PDEATHSIG).
void die_with_parent(int parent_pid);

/// Writes the port as decimal text and a newline to `descriptor`, and closes it. Throws
/// std::runtime_error, naming the descriptor, if it is bad or nobody reads it any more.
void announce_port(int descriptor, std::uint16_t port);

/// Writes instead why there will be no port. False where nobody reads it.
bool announce_problem(int descriptor, std::string_view problem) noexcept;

}  // namespace two_cakes::slow_server
