#include "wait/ready.hpp"

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("sets of readiness combine and intersect")
{
  static_assert((Ready::kRead | Ready::kWrite) == Ready::kBoth);
  static_assert((Ready::kBoth & Ready::kWrite) == Ready::kWrite);
  static_assert((Ready::kRead & Ready::kWrite) == Ready::kNothing);
  static_assert(includes(Ready::kBoth, Ready::kRead) && !includes(Ready::kRead, Ready::kWrite));
  static_assert(without(Ready::kBoth, Ready::kRead) == Ready::kWrite);
  SUCCEED();
}
