#include "work/primes.hpp"

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("primes are counted as they are known")
{
  REQUIRE(count_primes(1'000) == 168);
  REQUIRE(count_primes(10'000) == 1'229);
  REQUIRE(count_primes(100'000) == 9'592);
}

TEST_CASE("the limit itself counts, and 0 and 1 are no primes")
{
  const std::uint64_t counts[] = {0, 0, 1, 2, 2, 3, 3, 4, 4, 4, 4, 5};
  for (std::uint64_t limit = 0; limit < 12; ++limit) REQUIRE(count_primes(limit) == counts[limit]);
  REQUIRE(count_primes(25) == count_primes(24));  // squares of primes are none
  REQUIRE(count_primes(7919) == 1000);
  REQUIRE(count_primes(7918) == 999);
}
