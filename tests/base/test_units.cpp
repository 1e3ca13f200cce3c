#include "base/units.hpp"

#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

TEST_CASE("durations become numbers in the unit that is named")
{
  static_assert(to_seconds(1500ms) == 1.5);
  static_assert(to_seconds(2min) == 120);
  static_assert(to_milliseconds(250us) == 0.25);
  static_assert(to_milliseconds(-3s) == -3000);
  static_assert(to_seconds(Seconds(0.125)) == 0.125);
  REQUIRE(to_milliseconds(1ns) > 0);
}

TEST_CASE("the clock never goes backwards")
{
  static_assert(Clock::is_steady);
  const auto first = Clock::now();
  REQUIRE(Clock::now() >= first);
}

TEST_CASE("binary multiples are powers of two")
{
  static_assert(kKibibyte == 1 << 10);
  static_assert(kMebibyte == 1 << 20);
  SUCCEED();
}
