// What a program of the suite tells its caller.
#pragma once

namespace two_cakes {

/// Exit codes of every program here. The last three are the shell's own conventions.
enum ExitCode : int {
  kGood = 0,
  kCheckFailed = 1,
  kBadInput = 2,
  kSkipped = 77,
  kOutOfTime = 124,
  kInterrupted = 130,
  kTerminated = 143,
};

}  // namespace two_cakes
