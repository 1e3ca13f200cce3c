#include "os/shared.hpp"

#include "catch.hpp"
#include "os/child.hpp"

using namespace two_cakes;

TEST_CASE("what a child writes to a shared object, its parent sees, and the other way round")
{
  Shared<int> number;
  *number = 41;
  Child child = Child::fork([&] {
    *number += 1;
    return *number == 42 ? 0 : 1;
  });
  REQUIRE(child.wait().good());
  REQUIRE(*number == 42);
}

TEST_CASE("a shared object is made once and destroyed once, by the process that made it")
{
  static int alive = 0;
  struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
  };
  {
    const Shared<Counted> counted;
    REQUIRE(alive == 1);
    Child child = Child::fork([] { return 0; });
    REQUIRE(child.wait().good());
    REQUIRE(alive == 1);
  }
  REQUIRE(alive == 0);
}

TEST_CASE("an object larger than a page is whole")
{
  struct Large {
    char bytes[100'000];
  };
  Shared<Large> large;
  (*large).bytes[99'999] = 'x';
  REQUIRE((*large).bytes[99'999] == 'x');
  REQUIRE((*large).bytes[0] == '\0');
}
