// What the system lets a process have, and which limit stands behind a failure.
#pragma once

#include <cstdint>
#include <string>

namespace two_cakes {

/// The soft limit on open descriptors now (RLIMIT_NOFILE).
std::uint64_t open_files_limit();

/// Raises the soft limit on open descriptors to the hard one. Returns the new limit. Never fails.
std::uint64_t raise_open_files_limit();

/// The limit on processes and threads together (RLIMIT_NPROC, and the control group's pids.max
/// where it is lower); UINT64_MAX where there is none.
std::uint64_t processes_limit();

/// For EMFILE, ENFILE, EAGAIN and ENOMEM of a call that makes descriptors, threads or processes:
/// the name and value of the limit that was hit, and how to raise it, in parentheses. Empty for
/// other errors.
std::string limit_behind(int error_number);

}  // namespace two_cakes
