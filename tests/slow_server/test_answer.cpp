// The bytes of the slow server's answers.
#include <string>

#include "answer.hpp"
#include "catch.hpp"

using namespace two_cakes::slow_server;

namespace {

struct Made {
  std::string bytes;
  std::size_t pieces = 0;
};

Made make(RequestPlan plan, Framing framing = {})
{
  Answer answer{std::move(plan), framing};
  Made made;
  for (; !answer.done(); ++made.pieces) answer.append_piece(made.bytes);
  return made;
}

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

}  // namespace

TEST_CASE("a small answer is one piece")
{
  const auto made = make({.text = "job-17"});
  CHECK(made.bytes == kHead + "Content-Length: 6\r\n\r\njob-17");
  CHECK(made.pieces == 1);
}

TEST_CASE("bytes repeats the text and cuts it")
{
  CHECK(make({.text = "abc", .bytes = 7}).bytes == kHead + "Content-Length: 7\r\n\r\nabcabca");
  CHECK(make({.text = "abc", .bytes = 0}).bytes == kHead + "Content-Length: 0\r\n\r\n");
}

TEST_CASE("a big answer comes in pieces and is whole")
{
  const auto made = make({.text = "abc", .bytes = 1'000'000});
  CHECK(made.pieces > 10);
  const auto body = made.bytes.substr(made.bytes.find("\r\n\r\n") + 4);
  REQUIRE(body.size() == 1'000'000);
  bool all_right = true;
  for (std::size_t i = 0; i < body.size(); ++i) all_right = all_right && body[i] == "abc"[i % 3];
  CHECK(all_right);
}

TEST_CASE("chunks are two at least, and end with the empty one")
{
  const auto head = kHead + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(make({.text = "abcde", .chunked = true}).bytes ==
        head + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(make({.text = "a", .chunked = true}).bytes == head + "1\r\na\r\n0\r\n\r\n");
  CHECK(make({.text = "a", .bytes = 0, .chunked = true}).bytes == head + "0\r\n\r\n");
}

TEST_CASE("HEAD, 204 and 304 end with the head")
{
  const Framing head_only{.wants_head_only = true};
  CHECK(make({.text = "abc"}, head_only).bytes == kHead + "Content-Length: 3\r\n\r\n");
  CHECK(make({.text = "abc", .chunked = true}, head_only).bytes ==
        kHead + "Transfer-Encoding: chunked\r\n\r\n");
  CHECK(make({.text = "abc", .status = 204}).bytes ==
        "HTTP/1.1 204 No Content\r\nContent-Type: text/plain\r\n\r\n");
  CHECK(make({.text = "abc", .status = 304, .chunked = true}).bytes ==
        "HTTP/1.1 304 Not Modified\r\nContent-Type: text/plain\r\n\r\n");
}

TEST_CASE("the head says what becomes of the connection")
{
  CHECK(make({.text = "a"}, {.keep_alive = false}).bytes ==
        kHead + "Content-Length: 1\r\nConnection: close\r\n\r\na");
  CHECK(make({.text = "a"}, {.is_http_1_1 = false}).bytes ==
        kHead + "Content-Length: 1\r\nConnection: keep-alive\r\n\r\na");
}

TEST_CASE("HTTP/1.0 gets no chunks")
{
  const auto made =
      make({.text = "a", .chunked = true}, {.is_http_1_1 = false, .keep_alive = false});
  CHECK(made.bytes == kHead + "Content-Length: 1\r\nConnection: close\r\n\r\na");
}

TEST_CASE("an answer that breaks off announces more than it has")
{
  CHECK(make({.text = "abcdef", .fault = Fault::kClose}).bytes ==
        kHead + "Content-Length: 6\r\n\r\nabc");
  CHECK(make({.text = "abcdef", .chunked = true, .fault = Fault::kClose}).bytes ==
        kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  const auto head = kHead + "Content-Length: 6\r\n\r\n";
  CHECK(make({.text = "abcdef", .fault = Fault::kClose}, {.wants_head_only = true}).bytes ==
        head.substr(0, head.size() / 2));
}
