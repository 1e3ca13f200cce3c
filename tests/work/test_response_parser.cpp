#include "work/response_parser.hpp"

#include <string>

#include "catch.hpp"

using namespace two_cakes;

namespace {

struct Parsing {
  Parsing() { start_parsing(parser, callbacks); }
  bool feed(const std::string& bytes)
  {
    return parse(parser, callbacks, bytes.data(), bytes.size());
  }
  ResponseParser parser{};
  ResponseCallbacks callbacks{};
};

}  // namespace

TEST_CASE("a response is taken in pieces, and its status is known")
{
  Parsing parsing;
  REQUIRE(parsing.feed("HTTP/1.1 20"));
  REQUIRE(parsing.feed("4 No Content\r\n\r\n"));
  REQUIRE(parsing.parser.status_code == 204);
}

TEST_CASE("what is no response is refused, by the name of the fault")
{
  Parsing parsing;
  REQUIRE(!parsing.feed("GET / HTTP/1.1\r\n\r\n"));
  REQUIRE(std::string(parse_problem(parsing.parser)).find("HPE_") == 0);
}

TEST_CASE("an end of the stream where the response may not end is refused")
{
  Parsing parsing;
  REQUIRE(parsing.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"));
  REQUIRE(!parsing.feed(""));
}
