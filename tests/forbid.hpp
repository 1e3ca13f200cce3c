// Plays a kernel that forbids a system call.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>

#include "base/errors.hpp"

namespace two_cakes::testing {

/// From here on `call` fails with `error_number` in this process: seccomp(2). For a child of the
/// test, since there is no way back.
inline void forbid(long call, int error_number)
{
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error_number)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog filter{.len = 4, .filter = program};
  check_syscall("prctl", ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  check_syscall("prctl", ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
}

}  // namespace two_cakes::testing
