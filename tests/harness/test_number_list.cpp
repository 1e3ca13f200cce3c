#include "harness/number_list.hpp"

#include "base/errors.hpp"
#include "catch.hpp"

using namespace two_cakes;

namespace {

constexpr NumberList kClients{.option = "--clients", .most = 1000, .example = "1,64"};

std::string refusal_of(const std::string& text)
{
  try {
    (void)kClients.parse(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("the numbers of a list come in its order")
{
  CHECK(kClients.parse("7") == std::vector<int>{7});
  CHECK(kClients.parse("1000,1,64") == std::vector<int>{1000, 1, 64});
  CHECK(kClients.parse("").empty());
}

TEST_CASE("what is no number of the list is named with the option and a way out")
{
  for (const std::string item : {"0", "-1", "1001", "x", "1x", "", " 2", "1.5", "99999999999"}) {
    INFO(item);
    CHECK(refusal_of("1," + item + ",3") ==
          "--clients: '" + item + "' is no number from 1 to 1000; give a list such as 1,64");
  }
}

TEST_CASE("a number that is there twice is refused: two series would have one name")
{
  CHECK(refusal_of("1,64,1") == "--clients: 1 is given twice; give each number once");
}
