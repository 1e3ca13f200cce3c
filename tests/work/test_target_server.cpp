#include "work/target_server.hpp"

#include "base/errors.hpp"
#include "catch.hpp"
#include "loopback.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

std::string refusal_of(const std::string& address)
{
  try {
    const TargetServer server(address, 5s);
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("without an address it is our slow server, which ends with the object")
{
  Target target;
  {
    const TargetServer server("", 7s);
    target = server.target();
    REQUIRE(target.sends_token_back);
    REQUIRE(target.deadline == 7s);
    REQUIRE_NOTHROW(wait_blocking({.number = 1, .wait = 1ms}, target));
  }
  REQUIRE_THROWS_AS(wait_blocking({.number = 1, .wait = 1ms}, target), SyscallError);
}

TEST_CASE("with an address it is the server there, taken at its status")
{
  const UniqueFd listener = listen_on(GENERATE(from_range(loopbacks())));
  const TargetServer server(local_endpoint(listener).to_string(), 3s);
  REQUIRE(server.target().endpoint.to_string() == local_endpoint(listener).to_string());
  REQUIRE(!server.target().sends_token_back);
  REQUIRE(server.target().deadline == 3s);
}

TEST_CASE("a target where nobody listens is refused in one line, by name and with a remedy")
{
  const std::string address = local_endpoint(listen_on(Endpoint::loopback_v4(0))).to_string();
  const std::string refusal = refusal_of(address);
  REQUIRE(refusal.find("--target") != std::string::npos);
  REQUIRE(refusal.find(address) != std::string::npos);
  REQUIRE(refusal.find("start a server") != std::string::npos);
  REQUIRE(refusal.find('\n') == std::string::npos);
}

TEST_CASE("a target that is no address is refused by name")
{
  REQUIRE(refusal_of("nowhere").find("'nowhere'") != std::string::npos);
  REQUIRE(refusal_of("127.0.0.1:0").find("'0'") != std::string::npos);
}
