#include "os/limits.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "base/errors.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"
#include "os/child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("the limit on open files is the soft one, and can be raised to the hard one")
{
  const int code = exit_code_in_child([] {
    const rlimit narrow{.rlim_cur = 50, .rlim_max = 100};
    ::setrlimit(RLIMIT_NOFILE, &narrow);
    if (open_files_limit() != 50) return 1;
    if (raise_open_files_limit() != 100 || open_files_limit() != 100) return 2;
    return raise_open_files_limit() == 100 ? 0 : 3;  // once more changes nothing
  });
  REQUIRE(code == 0);
}

TEST_CASE("the limit on processes is the soft one")
{
  const int code = exit_code_in_child([] {
    const rlimit narrow{.rlim_cur = 17, .rlim_max = 17};
    ::setrlimit(RLIMIT_NPROC, &narrow);
    return processes_limit() == 17 ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("the limit behind an error is named, with its value and a remedy, in parentheses")
{
  const std::string files = limit_behind(EMFILE);
  REQUIRE(contains(files, "RLIMIT_NOFILE is " + std::to_string(open_files_limit())));
  REQUIRE(contains(files, "ulimit -n"));
  REQUIRE(contains(limit_behind(ENFILE), "fs.file-max"));
  REQUIRE(contains(limit_behind(EAGAIN), "RLIMIT_NPROC"));
  REQUIRE(contains(limit_behind(EAGAIN), "ulimit -u"));
  REQUIRE(contains(limit_behind(ENOMEM), "memory"));
  for (const int error : {EMFILE, ENFILE, EAGAIN, ENOMEM}) {
    const std::string text = limit_behind(error);
    REQUIRE(text.front() == '(');
    REQUIRE(text.back() == ')');
    REQUIRE(!contains(text, "\n"));
  }
}

TEST_CASE("no number stands for a limit that isn't there")
{
  const int code = exit_code_in_child([] {
    const rlimit none{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (::setrlimit(RLIMIT_NPROC, &none) == -1) return 0;  // only root may
    return contains(limit_behind(EAGAIN), "18446744073709551615") ? 1 : 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("other errors have no limit behind them")
{
  for (const int error : {0, ECONNREFUSED, EINVAL, ENOENT, -1})
    REQUIRE(limit_behind(error).empty());
}

TEST_CASE("where processes run out, fork says so and names the limit")
{
  const int code = exit_code_in_child([] {
    allow_no_more_processes();
    try {
      Child::fork([] { return 0; });
      return 1;
    } catch (const SyscallError& error) {
      return error.code().value() == EAGAIN && contains(error.what(), "fork (RLIMIT_NPROC") ? 0 : 2;
    }
  });
  REQUIRE(code == 0);
}
