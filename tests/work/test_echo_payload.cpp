#include "work/echo_payload.hpp"

#include <set>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("messages of all clients and numbers differ, and each is the same when asked for again")
{
  EchoPayload payload(64);
  std::set<std::string> seen;
  for (std::size_t client = 0; client < 50; ++client)
    for (std::uint32_t number = 1; number <= 50; ++number)
      REQUIRE(seen.insert(std::string(payload.message(client, number))).second);
  REQUIRE(seen.contains(std::string(payload.message(17, 3))));
}

TEST_CASE("a message is as long as asked for, however short")
{
  const std::size_t bytes = GENERATE(std::size_t{1}, 4, 7, 8, 9, 1024, 1 << 20);
  EchoPayload payload(bytes);
  REQUIRE(payload.message(1, 1).size() == bytes);
  REQUIRE(payload.message(1, 1) == std::string(payload.message(1, 1)));
}

TEST_CASE("a shift by a usual buffer's length shows")
{
  EchoPayload payload(1 << 16);
  const std::string message(payload.message(0, 1));
  for (std::size_t shift = 1; shift <= 1 << 15; shift *= 2)
    REQUIRE(message.substr(100, 64) != message.substr(100 + shift, 64));
}
