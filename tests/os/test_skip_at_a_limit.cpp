#include "os/skip_at_a_limit.hpp"

#include <cerrno>
#include <string>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("what a function returns comes through")
{
  REQUIRE(skip_at_a_limit([] { return std::string("answer"); }) == "answer");
}

TEST_CASE("a limit that was hit becomes a skip with the same text")
{
  for (const int number : {EAGAIN, EMFILE, ENFILE, ENOMEM}) {
    std::string reason;
    try {
      skip_at_a_limit([=]() -> int { throw SyscallError(number, "fork", limit_behind(number)); });
    } catch (const Skipped& skipped) {
      reason = skipped.what();
    }
    REQUIRE(reason == SyscallError(number, "fork", limit_behind(number)).what());
  }
}

TEST_CASE("other errors pass as they are")
{
  const auto refused = []() -> int { throw SyscallError(ECONNREFUSED, "connect"); };
  REQUIRE_THROWS_AS(skip_at_a_limit(refused), SyscallError);
  const auto wrong = []() -> int { throw WrongAnswer("41"); };
  REQUIRE_THROWS_AS(skip_at_a_limit(wrong), WrongAnswer);
}
