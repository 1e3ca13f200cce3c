#include "wait/ready.hpp"

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("sets of readiness combine and intersect")
{
  static_assert((Ready::kRead | Ready::kWrite) == Ready::kBoth);
  static_assert((Ready::kBoth & Ready::kWrite) == Ready::kWrite);
  static_assert((Ready::kRead & Ready::kWrite) == Ready::kNothing);
  SUCCEED();
}
