#include "base/bytes.hpp"

#include <stdexcept>

#include "catch.hpp"

using namespace two_cakes;

namespace {

struct Point {
  int x;
  double y;
};

}  // namespace

TEST_CASE("an object comes back from its bytes, wherever these lie")
{
  const std::string unaligned = "?" + to_bytes(Point{3, 0.5});
  const auto point = from_bytes<Point>(std::string_view(unaligned).substr(1));
  REQUIRE(point.x == 3);
  REQUIRE(point.y == 0.5);
}

TEST_CASE("bytes of another size are no such object")
{
  REQUIRE_THROWS_AS(from_bytes<Point>(""), std::runtime_error);
  REQUIRE_THROWS_AS(from_bytes<Point>(to_bytes(Point{}) + "x"), std::runtime_error);
}
