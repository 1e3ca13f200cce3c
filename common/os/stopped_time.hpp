// A clock that stands still while its process is stopped.
#pragma once

#include "base/units.hpp"

namespace two_cakes {

/// From now on SIGTSTP (Ctrl-Z in a terminal, or a program that lets others have the core) still
/// stops the process until SIGCONT, and running_time() leaves that out. SIGSTOP can't be seen by
/// the process that it stops, and counts. Throws SyscallError.
void leave_out_stopped_time();

/// As Clock::now(), less the time that the process was stopped. Any thread.
Clock::time_point running_time();

}  // namespace two_cakes
