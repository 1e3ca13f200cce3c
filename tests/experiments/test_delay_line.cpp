#include "delay_line.hpp"

#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {
const Clock::time_point kStart = Clock::time_point{} + 1h;
}

TEST_CASE("bytes come out as much later as the line is long, and never earlier")
{
  DelayLine line(10ms);
  line.put("one", kStart);
  REQUIRE(line.next() == kStart + 10ms);
  REQUIRE(line.out(kStart).empty());
  REQUIRE(line.out(kStart + 10ms - 1ns).empty());
  REQUIRE(line.out(kStart + 10ms) == "one");
  REQUIRE(line.out(kStart + 1h) == "one");
}

TEST_CASE("they come out in order, and each when its own time has come")
{
  DelayLine line(10ms);
  line.put("one", kStart);
  line.put("two", kStart + 4ms);
  REQUIRE(line.size() == 6);
  REQUIRE(line.out(kStart + 12ms) == "one");
  line.take(3);
  REQUIRE(line.out(kStart + 12ms).empty());
  REQUIRE(line.next() == kStart + 14ms);
  REQUIRE(line.out(kStart + 14ms) == "two");
  line.take(3);
  REQUIRE(line.size() == 0);
  REQUIRE(line.next() == Clock::time_point::max());
}

TEST_CASE("what finds no room is taken in parts")
{
  DelayLine line(1ms);
  line.put("abcdef", kStart);
  line.take(2);
  REQUIRE(line.out(kStart + 1ms) == "cdef");
  line.take(3);
  REQUIRE(line.out(kStart + 1ms) == "f");
  REQUIRE(line.size() == 1);
}

TEST_CASE("the end takes as long as the bytes, and comes after them")
{
  DelayLine line(10ms);
  REQUIRE(!line.ended(kStart + 1h));
  line.put("x", kStart);
  line.put("", kStart);  // nothing isn't the end
  line.end(kStart + 2ms);
  REQUIRE(!line.ended(kStart + 1h));  // a byte is still there
  REQUIRE(line.out(kStart + 10ms) == "x");
  line.take(1);
  REQUIRE(line.next() == kStart + 12ms);
  REQUIRE(!line.ended(kStart + 12ms - 1ns));
  REQUIRE(line.ended(kStart + 12ms));
}
