#include "work/pi.hpp"

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("the digits of pi, as they are known")
{
  REQUIRE(pi_digits(5) == "31415");
  REQUIRE(pi_digits(50) == "31415926535897932384626433832795028841971693993751");
  const std::string thousand = pi_digits(1001);
  REQUIRE(thousand.size() == 1001);
  REQUIRE(thousand.substr(991) == "2164201989");
  REQUIRE(thousand.substr(762, 6) == "999999");  // the Feynman point, where carries run far
}

TEST_CASE("few digits, or none")
{
  REQUIRE(pi_digits(0).empty());
  REQUIRE(pi_digits(1) == "3");
  REQUIRE(pi_digits(2) == "31");
}

TEST_CASE("fewer digits are the beginning of more, wherever they end")
{
  const std::string all = pi_digits(900);
  for (const std::size_t count :
       {3, 10, 11, 31, 32, 33, 49, 50, 120, 760, 761, 762, 763, 764, 765, 766, 767, 768, 769})
    REQUIRE(pi_digits(count) == all.substr(0, count));
}
