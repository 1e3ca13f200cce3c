#include "work/fibonacci.hpp"

#include <climits>
#include <string>

#include "base/errors.hpp"
#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("Fibonacci numbers are counted as the book counts")
{
  REQUIRE(fib(1) == 0);
  REQUIRE(fib(2) == 1);
  REQUIRE(fib(3) == 1);
  REQUIRE(fib(10) == 34);
  REQUIRE(known_fib(40) == 63'245'986);
  REQUIRE(known_fib(41) == 102'334'155);
  REQUIRE(known_fib(93) == 7'540'113'804'746'346'429u);
}

TEST_CASE("the recursion and the known answer agree")
{
  for (int n = 1; n <= 27; ++n) REQUIRE(fib(n) == known_fib(n));
}

TEST_CASE("each number is the sum of the two before it, up to the last")
{
  for (int n = 3; n <= 93; ++n) REQUIRE(known_fib(n) == known_fib(n - 1) + known_fib(n - 2));
}

TEST_CASE("numbers beyond 64 bits, and before the first, are refused by value")
{
  for (const int n : {0, -1, 94, INT_MAX, INT_MIN}) {
    REQUIRE_THROWS_AS(known_fib(n), UsageError);
    try {
      fib(n);
      FAIL("it didn't throw");
    } catch (const UsageError& error) {
      REQUIRE(std::string(error.what()).find(std::to_string(n)) != std::string::npos);
    }
  }
}

TEST_CASE("what a number takes is above nothing, and never more than was seen before")
{
  const double first_s = seconds_for_fib(15);
  CHECK(first_s > 0);
  CHECK(seconds_for_fib(15) <= first_s);
  CHECK_THROWS_AS(seconds_for_fib(0), UsageError);
}
