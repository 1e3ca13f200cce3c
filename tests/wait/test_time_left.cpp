#include "wait/time_left.hpp"

#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

TEST_CASE("no deadline is for ever: no pointer")
{
  const TimeLeft left(Clock::time_point::max());
  REQUIRE(left.for_ever());
  REQUIRE(!left.only_look());
  REQUIRE(left.get() == nullptr);
}

TEST_CASE("a deadline in the past is zero, however far in the past")
{
  for (const auto deadline : {Clock::time_point::min(), Clock::time_point{}, Clock::now() - 1ns}) {
    const TimeLeft left(deadline);
    REQUIRE(left.only_look());
    REQUIRE(!left.for_ever());
    REQUIRE(left.get()->tv_sec == 0);
    REQUIRE(left.get()->tv_nsec == 0);
  }
}

TEST_CASE("what is left never exceeds what was asked for, and has parts that the kernel takes")
{
  for (const std::chrono::nanoseconds ahead :
       std::initializer_list<std::chrono::nanoseconds>{1s, 1500ms, 24h, 24h * 365}) {
    const TimeLeft left(Clock::now() + ahead);
    REQUIRE(!left.for_ever());
    REQUIRE(left.get()->tv_nsec >= 0);
    REQUIRE(left.get()->tv_nsec < 1'000'000'000);
    REQUIRE(std::chrono::seconds(left.get()->tv_sec) +
                std::chrono::nanoseconds(left.get()->tv_nsec) <=
            ahead);
  }
}

TEST_CASE("very far is cut to what every kernel takes: less than 10^8 seconds")
{
  for (const auto deadline : {Clock::now() + 24h * 365 * 50, Clock::time_point::max() - 1ns}) {
    const TimeLeft left(deadline);
    REQUIRE(!left.for_ever());
    REQUIRE(left.get()->tv_sec > 50'000'000);
    REQUIRE(left.get()->tv_sec < 100'000'000);
  }
}

TEST_CASE("milliseconds are rounded up, so that nobody wakes too early")
{
  REQUIRE(TimeLeft(Clock::time_point::max()).milliseconds() == -1);
  REQUIRE(TimeLeft(Clock::time_point{}).milliseconds() == 0);
  REQUIRE(TimeLeft(Clock::now() + 24h).milliseconds() <= 3'601'000);
  const int second = TimeLeft(Clock::now() + 1s).milliseconds();
  REQUIRE(second > 0);
  REQUIRE(second <= 1'000);
}
