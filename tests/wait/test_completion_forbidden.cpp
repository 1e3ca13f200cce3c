// What a kernel that has no io_uring, or forbids it, makes of it. A seccomp filter plays the
// kernel.
#include "forbid.hpp"
#include "in_child.hpp"
#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

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
