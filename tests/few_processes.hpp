// A process that may make no more processes and threads. For a child (in_child.hpp): there is no
// way back.
#pragma once

#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

namespace two_cakes::testing {

/// The kernel doesn't hold root to RLIMIT_NPROC. Others stay who they are.
inline void stop_being_root()
{
  constexpr uid_t kNobody = 65534;
  if (::getuid() != 0) return;
  [[maybe_unused]] const bool done =
      ::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0;
}

/// Children that root has made before could no longer be killed: stop_being_root() before making
/// them.
inline void allow_no_more_processes()
{
  stop_being_root();
  const rlimit none{.rlim_cur = 1, .rlim_max = 1};
  ::setrlimit(RLIMIT_NPROC, &none);
}

}  // namespace two_cakes::testing
