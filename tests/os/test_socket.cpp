// Sockets that do what they should: connecting, reading, writing, blocking or not. Trouble is in
// test_socket_trouble.cpp.
#include "os/socket.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <thread>

#include "catch.hpp"
#include "loopback.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("port 0 asks the kernel for a port, and local_endpoint tells it")
{
  const Endpoint any = GENERATE(from_range(loopbacks()));
  const UniqueFd first = listen_on(any);
  const UniqueFd second = listen_on(any);
  REQUIRE(local_endpoint(first).port() != 0);
  REQUIRE(local_endpoint(first).port() != local_endpoint(second).port());
  REQUIRE(local_endpoint(first).family() == any.family());
}

TEST_CASE("bytes go both ways, and the end of the stream is 0")
{
  auto [client, server] = connected_pair(GENERATE(from_range(loopbacks())));
  write_all_blocking(client, "question", soon());
  std::array<char, 64> buffer{};
  REQUIRE(read_some_blocking(server, buffer, soon()) == 8);
  REQUIRE(std::string(buffer.data(), 8) == "question");
  write_all_blocking(server, "answer", soon());
  REQUIRE(read_some_blocking(client, buffer, soon()) == 6);
  client.reset();
  REQUIRE(read_some_blocking(server, buffer, soon()) == 0);
  REQUIRE(read_some(server, buffer) == std::optional<std::size_t>(0));
}

TEST_CASE("a read takes no more than its buffer holds")
{
  auto [client, server] = connected_pair();
  write_all_blocking(client, "abcdef", soon());
  std::array<char, 4> buffer{};
  REQUIRE(read_some_blocking(server, buffer, soon()) == 4);
  REQUIRE(read_some_blocking(server, buffer, soon()) == 2);
  REQUIRE(buffer[0] == 'e');
}

TEST_CASE("a long text is written whole")
{
  auto [client, server] = connected_pair();
  std::string text(8 << 20, '?');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  std::thread writer([&client = client, &text] {
    write_all_blocking(client, text, soon());
    client.reset();
  });
  std::string received;
  std::array<char, 65536> buffer{};
  while (const std::size_t count = read_some_blocking(server, buffer, soon()))
    received.append(buffer.data(), count);
  writer.join();
  REQUIRE(received == text);
}

TEST_CASE("what would block is a value, not an error")
{
  auto [client, server] = connected_pair();
  set_non_blocking(client);
  std::array<char, 16> buffer{};
  REQUIRE(!read_some(client, buffer));
  REQUIRE(!read_some(client, buffer));

  const std::string block(65536, 'x');
  std::size_t written = 0;
  while (const auto count = write_some(client, block)) {
    REQUIRE(*count > 0);
    written += *count;
  }
  REQUIRE(written > 0);

  write_all_blocking(server, "now", soon());
  REQUIRE(is_readable(client));
  REQUIRE(read_some(client, buffer) == std::optional<std::size_t>(3));
}

TEST_CASE("accepting would block where nobody has come")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  set_non_blocking(listener);
  REQUIRE(!accept_connection(listener));
  const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
  REQUIRE(is_readable(listener));
  REQUIRE(accept_connection(listener).has_value());
  REQUIRE(!accept_connection(listener));
}

TEST_CASE("an accepted connection blocks and closes on exec, whatever its listener does")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  set_non_blocking(listener);
  const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
  REQUIRE(is_readable(listener));
  const auto accepted = accept_connection(listener);
  REQUIRE(accepted.has_value());
  REQUIRE((::fcntl(accepted->get(), F_GETFL) & O_NONBLOCK) == 0);
  REQUIRE((::fcntl(accepted->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("new sockets close on exec, and block only where they should")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const UniqueFd blocking = connect_blocking(local_endpoint(listener), soon());
  const UniqueFd starting = start_connect(local_endpoint(listener));
  for (const UniqueFd* fd : {&listener, &blocking, &starting})
    REQUIRE((::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC) != 0);
  REQUIRE((::fcntl(listener.get(), F_GETFL) & O_NONBLOCK) == 0);
  REQUIRE((::fcntl(blocking.get(), F_GETFL) & O_NONBLOCK) == 0);
  REQUIRE((::fcntl(starting.get(), F_GETFL) & O_NONBLOCK) != 0);
  set_non_blocking(starting, false);
  REQUIRE((::fcntl(starting.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("small writes go out at once")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
  int no_delay = 0;
  socklen_t length = sizeof no_delay;
  ::getsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &length);
  REQUIRE(no_delay != 0);
}

TEST_CASE("a connection that was started without blocking serves like any other")
{
  const UniqueFd listener = listen_on(GENERATE(from_range(loopbacks())));
  const UniqueFd client = start_connect(local_endpoint(listener));
  const auto server = accept_connection(listener);
  REQUIRE(is_writable(client));
  REQUIRE(write_some(client, "hello") == std::optional<std::size_t>(5));
  std::array<char, 16> buffer{};
  REQUIRE(read_some_blocking(*server, buffer, soon()) == 5);
}

TEST_CASE("a port can be listened on again at once, though an old connection lingers")
{
  UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const Endpoint endpoint = local_endpoint(listener);
  UniqueFd client = connect_blocking(endpoint, soon());
  auto server = accept_connection(listener);
  server.reset();  // the side that closes first keeps the port in TIME_WAIT
  client.reset();
  listener.reset();
  REQUIRE_NOTHROW(listen_on(endpoint));
}

TEST_CASE("is_connected tells one that is from one that is not, or not any more")
{
  auto [client, server] = connected_pair();
  CHECK(is_connected(client));
  CHECK(is_connected(server));
  CHECK_FALSE(is_connected(listen_on(Endpoint::loopback_v4(0))));
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const UniqueFd connecting = start_connect(local_endpoint(listener));
  pollfd writable{.fd = connecting.get(), .events = POLLOUT};
  REQUIRE(::poll(&writable, 1, 2'000) == 1);
  CHECK(is_connected(connecting));
}

TEST_CASE("an accepted connection is close-on-exec, and blocks or not as it is asked for")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  for (const bool non_blocking : {false, true}) {
    const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
    const auto accepted = accept_connection(listener, non_blocking);
    REQUIRE(accepted);
    CHECK((::fcntl(accepted->get(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(((::fcntl(accepted->get(), F_GETFL) & O_NONBLOCK) != 0) == non_blocking);
  }
}
