// What a kernel that has no io_uring, or forbids it, makes of it. A seccomp filter plays the
// kernel.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>

#include "in_child.hpp"
#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// From here on `call` fails with `error_number` in this process.
void forbid(long call, int error_number)
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

/// 0 where io_uring is skipped with a reason that holds `word`.
int skipped_with(const std::string& word)
{
  const std::string reason = why_no_completion("io_uring");
  if (reason.find("io_uring: ") != 0 || reason.find(word) == std::string::npos) return 1;
  try {
    make_completion("io_uring");
    return 2;
  } catch (const Skipped&) {
    return 0;
  }
}

}  // namespace

TEST_CASE("a kernel that forbids io_uring: skipped, with the reason")
{
  if (ways_to_finish().empty()) return;
  REQUIRE(exit_code_in_child([] {
            forbid(SYS_io_uring_setup, EPERM);
            return skipped_with("forbids it");
          }) == 0);
}

TEST_CASE("a kernel without io_uring: skipped, with the reason")
{
  if (ways_to_finish().empty()) return;
  REQUIRE(exit_code_in_child([] {
            forbid(SYS_io_uring_setup, ENOSYS);
            return skipped_with("has none");
          }) == 0);
}

TEST_CASE("a kernel without rings of buffers: skipped, with the reason, and nothing left behind")
{
  if (ways_to_finish().empty()) return;
  REQUIRE(exit_code_in_child([] {
            const int lowest = ::dup(STDIN_FILENO);
            ::close(lowest);
            forbid(SYS_io_uring_register, EINVAL);
            const int code = skipped_with("provided buffers");
            const int now = ::dup(STDIN_FILENO);
            return now == lowest ? code : 3;
          }) == 0);
}
