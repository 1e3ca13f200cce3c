#include "tasks/process_result.hpp"

#include <stdexcept>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("what a handler returns is good, though it be empty")
{
  const auto result = outcome_of([](std::string_view job) { return std::string(job); }, "");
  REQUIRE(result.good());
  REQUIRE(result.bytes.empty());
}

TEST_CASE("whatever a handler throws is a problem with a text")
{
  const auto thrown = [](auto what) {
    return outcome_of([what](std::string_view) -> std::string { throw what; }, "job");
  };
  REQUIRE(thrown(std::runtime_error("no oven")).problem == "no oven");
  REQUIRE(thrown(std::runtime_error("")).problem == "it failed without a reason");
  REQUIRE(thrown(42).problem == "it threw what is no std::exception");
  REQUIRE(thrown(42).bytes.empty());
}
