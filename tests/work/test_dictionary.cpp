#include "work/dictionary.hpp"

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("a dictionary has the words that were asked for")
{
  const Dictionary dictionary = make_dictionary(1000);
  REQUIRE(dictionary.size() == 1000);
  REQUIRE(dictionary.at("word-0") == 0);
  REQUIRE(dictionary.at("word-999") == 999);
  REQUIRE(!dictionary.contains("word-1000"));
}

TEST_CASE("a walk visits every word once")
{
  for (const std::uint64_t entries : {0, 1, 2, 3, 100, 12'345})
    REQUIRE(walk(make_dictionary(entries)) == (entries == 0 ? 0 : entries * (entries - 1) / 2));
}

TEST_CASE("a walk adds up what is there, whatever that is")
{
  REQUIRE(walk({{"oven", 40}, {"cake", 2}}) == 42);
}
