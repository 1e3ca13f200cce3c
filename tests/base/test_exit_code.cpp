#include "base/exit_code.hpp"

#include <sys/types.h>

#include <csignal>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("exit codes are those that callers know")
{
  REQUIRE(kGood == 0);
  REQUIRE(kCheckFailed == 1);
  REQUIRE(kBadInput == 2);
  REQUIRE(kSkipped == 77);     // as automake and ctest have it
  REQUIRE(kOutOfTime == 124);  // as timeout(1) has it
  REQUIRE(kInterrupted == 128 + SIGINT);
  REQUIRE(kTerminated == 128 + SIGTERM);
}
