// The parent's part: to wait for the end of the one in trouble, or to bring it about.
#pragma once

#include <chrono>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "os/child.hpp"
#include "trouble.hpp"

namespace two_cakes {

struct End {
  ExitStatus status;
  Clock::duration noticed_after{
      0};  // from the last words, or from the parent's kill, to the reaping
};

/// Blocks until `child`, in which somebody is getting into `trouble`, has ended and is reaped.
/// Kills the *thread* in trouble with SIGKILL, where the trouble asks for it: at once, or after
/// `patience`. Throws Skipped where the child had no thread to be had; std::runtime_error where it
/// ended before.
End watch(Child& child, Trouble trouble, const UniqueFd& report,
          std::chrono::milliseconds patience);

}  // namespace two_cakes
