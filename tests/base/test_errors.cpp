#include "base/errors.hpp"

#include <fcntl.h>
#include <sys/types.h>

#include <cerrno>
#include <string>
#include <type_traits>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("a failed call is told as call, subject and reason")
{
  const SyscallError error(EADDRINUSE, "bind", "127.0.0.1:80");
  REQUIRE(std::string(error.what()) == "bind 127.0.0.1:80: Address already in use");
  REQUIRE(error.code() == std::errc::address_in_use);
  REQUIRE(error.code().value() == EADDRINUSE);
}

TEST_CASE("a failed call without a subject is told without one")
{
  REQUIRE(std::string(SyscallError(EBADF, "accept").what()) == "accept: Bad file descriptor");
}

TEST_CASE("check_syscall hands a good result through, with its type")
{
  static_assert(std::is_same_v<decltype(check_syscall("read", ssize_t{})), ssize_t>);
  REQUIRE(check_syscall("open", 0) == 0);
  REQUIRE(check_syscall("open", 7) == 7);
  REQUIRE(check_syscall("lseek", ssize_t{1} << 40) == ssize_t{1} << 40);
}

TEST_CASE("check_syscall takes minus one alone for a failure")
{
  errno = ENOENT;
  REQUIRE(check_syscall("getpriority", -2) == -2);
}

TEST_CASE("check_syscall throws what errno says")
{
  const std::string path = "/no/such/file";
  try {
    check_syscall("open", ::open(path.c_str(), O_RDONLY), path);
    FAIL("it didn't throw");
  } catch (const SyscallError& error) {
    REQUIRE(error.code().value() == ENOENT);
    REQUIRE(std::string(error.what()) == "open /no/such/file: No such file or directory");
  }
}

TEST_CASE("the four kinds of trouble can be told apart, and all are exceptions")
{
  static_assert(std::is_base_of_v<std::system_error, SyscallError>);
  static_assert(!std::is_base_of_v<UsageError, SyscallError> &&
                !std::is_base_of_v<Skipped, WrongAnswer>);
  REQUIRE(std::string(UsageError("no such model").what()) == "no such model");
  REQUIRE_THROWS_AS(throw Skipped("no io_uring"), std::runtime_error);
  REQUIRE_THROWS_AS(throw WrongAnswer("6 * 7 is 42"), std::exception);
}
