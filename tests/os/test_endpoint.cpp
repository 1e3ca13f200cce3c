#include "os/endpoint.hpp"

#include <string>

#include "base/errors.hpp"
#include "catch.hpp"
#include "contains.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

std::string refusal_of(const std::string& text)
{
  try {
    Endpoint::parse(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("loopback addresses of both families")
{
  REQUIRE(Endpoint::loopback_v4(8080).to_string() == "127.0.0.1:8080");
  REQUIRE(Endpoint::loopback_v4(8080).family() == AF_INET);
  REQUIRE(Endpoint::loopback_v4(8080).length() == sizeof(sockaddr_in));
  REQUIRE(Endpoint::loopback_v6(65535).to_string() == "[::1]:65535");
  REQUIRE(Endpoint::loopback_v6(65535).family() == AF_INET6);
  REQUIRE(Endpoint::loopback_v6(65535).length() == sizeof(sockaddr_in6));
  REQUIRE(Endpoint::loopback_v4(0).port() == 0);
}

TEST_CASE("what to_string writes, parse reads")
{
  for (const std::string text :
       {"127.0.0.1:80", "[::1]:80", "10.20.30.40:1", "[2001:db8::7]:65535", "[::]:9"})
    REQUIRE(Endpoint::parse(text).to_string() == text);
  REQUIRE(Endpoint::parse("[::1]:443").family() == AF_INET6);
  REQUIRE(Endpoint::parse("[::1]:443").port() == 443);
}

TEST_CASE("a name becomes an address")
{
  const Endpoint endpoint = Endpoint::parse("localhost:8080");
  const std::string text = endpoint.to_string();
  REQUIRE((text == "127.0.0.1:8080" || text == "[::1]:8080"));
}

TEST_CASE("an endpoint is a plain value")
{
  const Endpoint first = Endpoint::loopback_v6(7);
  const Endpoint copy(first.address(), first.length());
  REQUIRE(copy.to_string() == first.to_string());
}

TEST_CASE("bad addresses are refused, naming the text and the form that is expected")
{
  for (const std::string text : {"",
                                 ":",
                                 "127.0.0.1",
                                 "127.0.0.1:",
                                 ":80",
                                 "[]:80",
                                 "127.0.0.1:0",
                                 "127.0.0.1:65536",
                                 "127.0.0.1:99999999999",
                                 "127.0.0.1:-1",
                                 "127.0.0.1:+80",
                                 "127.0.0.1: 80",
                                 "127.0.0.1:80 ",
                                 "127.0.0.1:80x",
                                 "127.0.0.1:http",
                                 "127.0.0.1:0x50",
                                 "::1:80",
                                 "[::1:80",
                                 "::1]:80",
                                 "[::1]",
                                 "[::1]80",
                                 "[zzz::1]:80",
                                 "[::1]]:80",
                                 "http://127.0.0.1:80",
                                 "not a host:80"}) {
    INFO("'" << text << "'");
    const std::string refusal = refusal_of(text);
    REQUIRE(contains(refusal, "'" + text + "'"));
    REQUIRE(contains(refusal, "host:port"));
    REQUIRE(!contains(refusal, "\n"));
  }
}

TEST_CASE("the reason says what is wrong")
{
  REQUIRE(contains(refusal_of("localhost"), "no port"));
  REQUIRE(contains(refusal_of(":80"), "no host"));
  REQUIRE(contains(refusal_of("::1:80"), "brackets"));
  REQUIRE(contains(refusal_of("localhost:70000"), "'70000'"));
}
