// Reading, writing, accepting and connecting, over every backend that this machine has. What goes
// wrong is in test_io_trouble.cpp.
#include "tasks/io.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "base/errors.hpp"
#include "connections.hpp"
#include "every_backend.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"
#include "tasks/completion_poller.hpp"
#include "tasks/ready_for.hpp"
#include "tasks/stream.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Task<std::string> read_to_end(Stream& stream, std::size_t piece)
{
  std::string all;
  std::string buffer(piece, '\0');
  for (;;) {
    const std::size_t count = co_await read(stream, buffer);
    if (count == 0) co_return all;
    all.append(buffer, 0, count);
  }
}

Task<> serve(Stream& listener, int connections)
{
  for (int i = 0; i < connections; ++i) {
    Stream connection = co_await accept(listener);
    EventLoop::running().spawn(echo(std::move(connection)));
  }
}

std::string random_bytes(std::size_t count)
{
  std::mt19937 random(count);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

bool sends_at_once(const Stream& stream)
{
  int no_delay = 0;
  socklen_t length = sizeof no_delay;
  ::getsockopt(stream.fd(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &length);
  return no_delay != 0;
}

}  // namespace

TEST_CASE("bytes come as they were sent, whatever the sizes of reads, writes and socket buffers")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const std::size_t piece = GENERATE(1, 7, 1000, 70'000);
  const std::size_t total = piece == 1 ? 3000 : 400'000;
  auto [here, there] = make_socket_pair();
  const int tiny = 1;  // the kernel's least
  ::setsockopt(here.get(), SOL_SOCKET, SO_SNDBUF, &tiny, sizeof tiny);
  const std::string sent = random_bytes(total);
  const auto write = [&](Stream stream) -> Task<> { co_await write_all(stream, sent); };
  const auto both = [&]() -> Task<std::string> {
    Stream reading(std::move(there));
    EventLoop::running().spawn(write(Stream(std::move(here))));
    co_return co_await read_to_end(reading, piece);
  };
  CHECK(loop.run_until_complete(both()) == sent);
}

TEST_CASE("who waits until there is something to read needs no buffer meanwhile")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  auto [here, there] = make_socket_pair();
  const int tiny = 1;  // the kernel's least
  ::setsockopt(there.get(), SOL_SOCKET, SO_SNDBUF, &tiny, sizeof tiny);
  const std::string sent = random_bytes(200'000);
  const auto write = [&](Stream stream) -> Task<> {
    for (std::string_view left = sent; !left.empty();) {
      const std::size_t taken = try_write(stream, left);
      left.remove_prefix(taken);
      if (taken == 0) co_await ready_for(stream.fd(), Ready::kWrite);
    }
  };
  const auto both = [&]() -> Task<std::string> {
    Stream reading(std::move(here));
    EventLoop::running().spawn(write(Stream(std::move(there))));
    std::string all;
    for (;;) {
      co_await readable(reading);
      const std::optional<std::string_view> bytes = try_read(reading);
      if (bytes == "") co_return all;
      all += bytes.value_or("");
    }
  };
  CHECK(loop.run_until_complete(both()) == sent);
}

TEST_CASE("trying to read or write says so where it would have to wait")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  auto [here, there] = make_socket_pair();
  Stream stream(loop, std::move(here));
  CHECK(try_read(stream) == std::nullopt);
  write_all(there, "now");
  const auto wait = [&]() -> Task<> { co_await readable(stream); };
  loop.run_until_complete(wait());
  const auto bytes = try_read(stream);
  write_all(there, "later");
  CHECK(bytes == "now");  // until the next try, or wait
  loop.run_until_complete(wait());
  CHECK(try_read(stream) == "later");
  CHECK(try_read(stream) == std::nullopt);

  const std::string much(100'000, 'x');
  while (try_write(stream, much) != 0) {
  }
  there.reset();
  CHECK_THROWS_AS(try_write(stream, much), SyscallError);  // EPIPE: nobody is there, and no SIGPIPE
  stream.close();
  CHECK_THROWS_AS(try_read(stream), SyscallError);
  CHECK_THROWS_AS(try_write(stream, much), SyscallError);
}

TEST_CASE("a server and its clients on one loop: every echo is right")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  constexpr int kClients = 30;
  Stream listener(loop, listen_on(Endpoint::loopback_v4(0)));
  const Endpoint address = local_endpoint(listener.descriptor());
  const auto client = [&](int number) -> Task<> {
    Stream stream = co_await connect(address);
    for (int i = 0; i < 20; ++i) {
      const std::string message = random_bytes(1 + static_cast<std::size_t>(number * i * 7));
      auto writing = [&]() -> Task<> { co_await write_all(stream, message); };
      auto writer = EventLoop::running().spawn(writing());
      std::string answer(message.size(), '\0');
      for (std::size_t got = 0; got < answer.size();)
        got += co_await read(stream, std::span(answer).subspan(got));
      co_await writer;
      REQUIRE(answer == message);
    }
  };
  loop.spawn(serve(listener, kClients));
  std::vector<Task<>> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(client(i));
  loop.run_until_complete(gather(std::move(clients)));
  loop.run();  // until the servers have seen the ends
  CHECK(loop.tasks().empty());
}

TEST_CASE("a pipe is a stream too")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Pipe pipe = make_pipe();
  const std::string sent = random_bytes(200'000);
  const auto body = [&]() -> Task<std::string> {
    const auto write = [&](Stream stream) -> Task<> { co_await write_all(stream, sent); };
    EventLoop::running().spawn(write(Stream(std::move(pipe.write_end))));
    Stream reading(std::move(pipe.read_end));
    co_return co_await read_to_end(reading, 5000);
  };
  CHECK(loop.run_until_complete(body()) == sent);
}

TEST_CASE("a coroutine whose input never ends starves nobody")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  auto [here, there] = make_socket_pair();
  bool stop = false;
  const bool tries = GENERATE(false, true);
  const auto talk_to_itself = [&]() -> Task<> {  // what it reads, it has always just written
    Stream reading(std::move(here));
    Stream writing(std::move(there));
    char byte[1] = {'x'};
    while (!stop) {
      co_await write_all(writing, {byte, 1});
      if (tries) co_await readable(reading);
      if (!tries || !try_read(reading)) co_await read(reading, byte);
    }
  };
  int turns = 0;
  const auto other = [&]() -> Task<> {
    for (; turns < 20; ++turns) co_await sleep_for(0s);
    co_await sleep_for(1ms);
    stop = true;
  };
  loop.spawn(talk_to_itself());
  loop.spawn(other());
  loop.run();
  CHECK(turns == 20);
}

TEST_CASE("a coroutine that only writes to whom it needn't wait for starves nobody")
{
  EventLoop loop;
  const UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  bool stop = false;
  const auto shout = [&]() -> Task<> {
    Stream stream(UniqueFd(::dup(nowhere.get())));
    while (!stop) co_await write_all(stream, "x");
  };
  loop.spawn(shout());
  loop.call_later(2ms, [&] { stop = true; });
  loop.run();
  CHECK(stop);
}

TEST_CASE("coroutines that never have to wait keep timers and descriptors from few of their steps")
{
  EventLoop loop;
  const UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  int writes = 0;
  int at_last_look = 0;
  int most = 0;
  int looks = 0;
  const auto shout = [&]() -> Task<> {
    Stream stream(UniqueFd(::dup(nowhere.get())));
    for (; looks < 100; ++writes) co_await write_all(stream, "x");
  };
  const std::function<void()> look = [&] {
    most = std::max(most, writes - at_last_look);
    at_last_look = writes;
    if (++looks < 100) loop.call_later(0s, look);
  };
  loop.spawn(shout());
  loop.spawn(shout());
  loop.call_later(0s, look);
  loop.run();
  CHECK(most <= 64);
}

TEST_CASE("nobody reads for a while: what comes meanwhile waits, and so does its sender")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  auto [here, there] = make_socket_pair();
  const std::string sent = random_bytes(3'000'000);
  std::size_t written = 0;
  const auto write = [&](Stream stream) -> Task<> {
    for (std::size_t at = 0; at < sent.size(); at += 10'000) {
      co_await write_all(stream, std::string_view(sent).substr(at, 10'000));
      written = at + 10'000;
    }
  };
  const auto body = [&]() -> Task<std::string> {
    Stream reading(std::move(here));
    char first[1];
    EventLoop::running().spawn(write(Stream(std::move(there))));
    co_await read(reading, first);
    co_await sleep_for(10ms);
    CHECK(written < 2'000'000);  // bounded by the buffers, not by what is to come
    co_return first[0] + co_await read_to_end(reading, 65'536);
  };
  CHECK(loop.run_until_complete(body()) == sent);
}

TEST_CASE("a stream moves, is released, and closed twice")
{
  EventLoop loop;
  auto [here, there] = make_socket_pair();
  const int number = here.get();
  Stream first(loop, std::move(here));
  Stream second(std::move(first));
  CHECK(!first);
  CHECK(second.fd() == number);
  const UniqueFd released = second.release();
  CHECK(released.get() == number);
  second.close();
  second.close();
  CHECK(is_open(number));
  const auto reads_nothing = [&]() -> Task<> {
    char buffer[1];
    co_await read(second, buffer);
  };
  CHECK_THROWS_AS(loop.run_until_complete(reads_nothing()), SyscallError);
}

TEST_CASE("small writes go out at once, on both ends, without a system call for the only one")
{
  EventLoop loop;
  Stream listener(loop, listen_on(Endpoint::loopback_v4(0)));
  loop.run_until_complete([](Stream& at) -> Task<> {
    for (int again = 0; again < 2; ++again) {  // the same descriptors, of other connections
      Stream client = co_await connect(local_endpoint(at.descriptor()));
      Stream server = co_await accept(at);
      for (Stream* stream : {&client, &server}) {
        co_await write_all(*stream, "a");
        REQUIRE(!sends_at_once(*stream));
        co_await write_all(*stream, "b");
        REQUIRE(sends_at_once(*stream));
      }
    }
  }(listener));
}
