#include "work/http_exchange.hpp"

#include <stdexcept>
#include <utility>

#include "catch.hpp"

using namespace two_cakes;

namespace {

struct Outcome {
  bool finished = false;
  int status = 0;
  std::string head;
  std::string body;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const HttpExchange& exchange)
{
  return {exchange.finished(), exchange.status(), exchange.head(), exchange.body()};
}

/// Feeds `bytes` in pieces that end at `cuts`, then the end of the stream if `closes`.
Outcome feed_all(std::string_view bytes, const std::vector<std::size_t>& cuts = {},
                 bool closes = false)
{
  HttpExchange exchange("host", "/");
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    exchange.feed(bytes.substr(begin, cut - begin));
    begin = cut;
  }
  if (begin < bytes.size()) exchange.feed(bytes.substr(begin));
  if (closes) exchange.feed({});
  return outcome_of(exchange);
}

std::vector<std::size_t> every_byte(std::string_view bytes)
{
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < bytes.size(); ++i) cuts.push_back(i);
  return cuts;
}

std::string trouble_of(std::string_view bytes, bool closes)
{
  try {
    feed_all(bytes, {}, closes);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

constexpr std::string_view kWithLength =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Empty:\r\nX-Colons: a: b: "
    "c\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;why=not\r\nlo\r\n0\r\n\r\n";
constexpr std::string_view kUntilClose = "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello";

}  // namespace

TEST_CASE("the request is a GET of the path, for the host")
{
  const HttpExchange exchange("127.0.0.1:80", "/?delay_ms=20");
  const std::string request(exchange.unsent());
  REQUIRE(request.starts_with("GET /?delay_ms=20 HTTP/1.1\r\n"));
  REQUIRE(request.find("\r\nHost: 127.0.0.1:80\r\n") != std::string::npos);
  REQUIRE(request.ends_with("\r\n\r\n"));
}

TEST_CASE("what was sent is no longer unsent")
{
  HttpExchange exchange("host", "/");
  const std::string request(exchange.unsent());
  exchange.sent(3);
  REQUIRE(exchange.unsent() == request.substr(3));
  exchange.sent(0);
  REQUIRE(exchange.unsent() == request.substr(3));
  exchange.sent(request.size() - 3);
  REQUIRE(exchange.unsent().empty());
}

TEST_CASE("a new exchange has no answer")
{
  const HttpExchange exchange("host", "/");
  REQUIRE(!exchange.finished());
  REQUIRE(exchange.body().empty());
  REQUIRE(exchange.head().empty());
}

TEST_CASE("an answer with its length")
{
  const Outcome outcome = feed_all(kWithLength);
  REQUIRE(outcome.finished);
  REQUIRE(outcome.status == 200);
  REQUIRE(outcome.body == "hello");
  REQUIRE(outcome.head ==
          "Content-Type: text/plain\nX-Empty: \nX-Colons: a: b: c\nContent-Length: 5");
}

TEST_CASE("an answer in chunks")
{
  const Outcome outcome = feed_all(kChunked);
  REQUIRE(outcome.finished);
  REQUIRE(outcome.body == "hello");
  REQUIRE(outcome.head == "Transfer-Encoding: chunked");
}

TEST_CASE("an answer that ends with the connection")
{
  REQUIRE(!feed_all(kUntilClose).finished);
  const Outcome outcome = feed_all(kUntilClose, {}, true);
  REQUIRE(outcome.finished);
  REQUIRE(outcome.body == "hello");
}

TEST_CASE("it doesn't matter where the bytes are cut")
{
  for (const auto& [answer, closes] :
       {std::pair(kWithLength, false), {kChunked, false}, {kUntilClose, true}}) {
    const Outcome whole = feed_all(answer, {}, closes);
    REQUIRE(whole.finished);
    REQUIRE(feed_all(answer, every_byte(answer), closes) == whole);
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      INFO("cut at " << cut);
      REQUIRE(feed_all(answer, {cut}, closes) == whole);
    }
  }
}

TEST_CASE("an answer is finished with its last byte, and not before")
{
  for (const std::string_view answer : {kWithLength, kChunked}) {
    REQUIRE(!feed_all(answer.substr(0, answer.size() - 1)).finished);
    REQUIRE(feed_all(answer).finished);
  }
}

TEST_CASE("answers without a body")
{
  REQUIRE(feed_all("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").finished);
  REQUIRE(feed_all("HTTP/1.1 204 No Content\r\n\r\n").finished);
  REQUIRE(feed_all("HTTP/1.1 304 Not Modified\r\n\r\n").finished);
}

TEST_CASE("the status is told, whatever it is")
{
  for (const int status : {200, 301, 404, 500, 503}) {
    const std::string answer =
        "HTTP/1.1 " + std::to_string(status) + " So It Is\r\nContent-Length: 0\r\n\r\n";
    REQUIRE(feed_all(answer).status == status);
  }
}

TEST_CASE("a body may hold any byte, and be long")
{
  std::string body(300'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31);
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body;
  const Outcome outcome = feed_all(answer, {10, 70'000, 70'001, 200'000});
  REQUIRE(outcome.finished);
  REQUIRE(outcome.body == body);
}

TEST_CASE("what is no HTTP is told as such")
{
  for (const std::string_view garbage :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\x16\x03\x01 not a TLS client", "HTTP/1.1 abc OK\r\n\r\n",
        "<html></html>", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    INFO(garbage);
    REQUIRE(trouble_of(garbage, false).find("no HTTP") != std::string::npos);
  }
}

TEST_CASE("a connection that closes too early is told as such")
{
  for (const std::string_view answer : {kWithLength, kChunked}) {
    for (std::size_t kept = 0; kept < answer.size(); ++kept) {
      INFO(kept << " bytes came");
      REQUIRE(trouble_of(answer.substr(0, kept), true).find("closed") != std::string::npos);
    }
  }
  REQUIRE(trouble_of("HTTP/1.0 200 OK\r\nSer", true).find("closed") != std::string::npos);
}

TEST_CASE("what comes after the answer is none of it")
{
  const std::string two =
      std::string(kWithLength) + "HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad";
  REQUIRE(feed_all(two) == feed_all(kWithLength));
  REQUIRE(feed_all(two, {kWithLength.size()}) == feed_all(kWithLength));
  REQUIRE(feed_all(std::string(kWithLength) + "garbage") == feed_all(kWithLength));
  REQUIRE(feed_all(std::string(kChunked) + "garbage") == feed_all(kChunked));
  REQUIRE(feed_all(kWithLength, {}, true) == feed_all(kWithLength));
}

TEST_CASE("an interim answer is not the answer")
{
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
  const std::string both = interim + std::string(kWithLength);
  REQUIRE(!feed_all(interim).finished);
  REQUIRE(feed_all(both) == feed_all(kWithLength));
  REQUIRE(feed_all(both, every_byte(both)) == feed_all(kWithLength));
}

TEST_CASE("an exchange can move in the middle of its answer")
{
  HttpExchange first("host", "/");
  first.feed(kWithLength.substr(0, 40));
  HttpExchange second = std::move(first);
  second.feed(kWithLength.substr(40, 30));
  HttpExchange third("other", "/other");
  third = std::move(second);
  third.feed(kWithLength.substr(70));
  REQUIRE(outcome_of(third) == feed_all(kWithLength));
  REQUIRE(third.unsent().starts_with("GET / "));
}
