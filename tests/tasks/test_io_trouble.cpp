// What goes wrong with connections, over every backend: resets, peers that leave, signals, and
// tasks that end in the middle of it. What a server must stand is in test_io_peers.cpp.
#include <sys/socket.h>
#include <sys/time.h>

#include <csignal>
#include <deque>
#include <vector>

#include "base/errors.hpp"
#include "connections.hpp"
#include "every_backend.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("a reset is an error of whoever reads or writes, and ends nobody else")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  reset_at_close(connection.peer.get());
  SECTION("while somebody reads")
  {
    auto task = loop.spawn(error_of_reading(connection.stream));
    run_for_a_moment(loop);
    connection.peer.reset();
    loop.run();
    CHECK(task.result() == ECONNRESET);
  }
  SECTION("while somebody waits until there is something to read")
  {
    const auto wait = [&]() -> Task<int> {
      co_await readable(connection.stream);
      try {
        try_read(connection.stream);
      } catch (const SyscallError& error) {
        co_return error.code().value();
      }
      co_return 0;
    };
    auto task = loop.spawn(wait());
    run_for_a_moment(loop);
    CHECK(!task.done());
    connection.peer.reset();
    loop.run();
    CHECK(task.result() == ECONNRESET);
  }
  SECTION("before anybody reads")
  {
    connection.peer.reset();
    CHECK(loop.run_until_complete(error_of_reading(connection.stream)) == ECONNRESET);
  }
  SECTION("while somebody writes: no SIGPIPE")
  {
    auto task = loop.spawn(error_of_writing(connection.stream));
    run_for_a_moment(loop);
    CHECK(!task.done());
    connection.peer.reset();
    loop.run();
    const int error = task.result();
    CHECK((error == ECONNRESET || error == EPIPE));
  }
  SECTION("while one reads and another writes")
  {
    auto reader = loop.spawn(error_of_reading(connection.stream));
    auto writer = loop.spawn(error_of_writing(connection.stream));
    run_for_a_moment(loop);
    connection.peer.reset();
    loop.run();
    CHECK((reader.result() != 0 || writer.result() != 0));
  }
}

TEST_CASE("a pipe that nobody reads any more is EPIPE for its writer: no SIGPIPE")
{
  const auto backend = every_backend();
  INFO(backend);
  const bool while_it_waits = GENERATE(false, true);
  const int code = exit_code_in_child([&] {
    ::signal(SIGPIPE, SIG_DFL);
    EventLoop loop = EventLoop::over(backend);
    Pipe pipe = make_pipe();
    Stream writing(loop, std::move(pipe.write_end));
    if (!while_it_waits) pipe.read_end.reset();
    auto task = loop.spawn(error_of_writing(writing));
    run_for_a_moment(loop);
    if (task.done() == while_it_waits) return 1;
    pipe.read_end.reset();
    loop.run();
    return task.result() == EPIPE ? 0 : 2;
  });
  CHECK(code == 0);
}

TEST_CASE("a peer that closes is the end of the stream, and bytes before it aren't lost")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  write_all(connection.peer, "last words");
  SECTION("all of it") { connection.peer.reset(); }
  SECTION("its half") { ::shutdown(connection.peer.get(), SHUT_WR); }
  const auto body = [&]() -> Task<> {
    char buffer[4];
    std::string text;
    for (;;) {
      const std::size_t count = co_await read(connection.stream, buffer);
      if (count == 0) break;
      text.append(buffer, count);
    }
    CHECK(text == "last words");
    const std::size_t again = co_await read(connection.stream, buffer);
    CHECK(again == 0);
  };
  loop.run_until_complete(body());
}

TEST_CASE("connecting to nobody is an error that says so")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Endpoint nobody;
  {
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    nobody = local_endpoint(listener);
  }
  const std::size_t before = open_descriptors();
  try {
    loop.run_until_complete(connect(nobody));
    FAIL("it connected");
  } catch (const SyscallError& error) {
    CHECK(error.code().value() == ECONNREFUSED);
    CHECK(std::string(error.what()).find(nobody.to_string()) != std::string::npos);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("two readers of one stream: the second is refused, the first goes on")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  auto first = loop.spawn(error_of_reading(connection.stream));
  auto second = loop.spawn(error_of_reading(connection.stream));
  run_for_a_moment(loop);
  CHECK(second.result() == EEXIST);
  CHECK(!first.done());
  connection.peer.reset();
  loop.run();
  CHECK(first.result() == 0);
}

TEST_CASE("a task that is cancelled, or destroyed, while it reads closes its connection")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  const auto owner = [](Stream given) -> Task<int> {
    Stream stream = std::move(given);  // a parameter would live as long as the handle
    co_return co_await error_of_reading(stream);
  };
  auto task = loop.spawn(owner(std::move(connection.stream)));
  run_for_a_moment(loop);
  SECTION("cancelled")
  {
    task.cancel();
    loop.run();
    CHECK_THROWS_AS(task.result(), Cancelled);
  }
  SECTION("destroyed") { task.destroy(); }
  run_for_a_moment(loop);
  const auto end = [&]() -> Task<int> {
    Stream peer(std::move(connection.peer));
    co_return co_await error_of_reading(peer);
  };
  CHECK(loop.run_until_complete(end()) == 0);  // the peer sees the end
}

TEST_CASE("a storm of signals loses no byte and wakes nobody early")
{
  const auto backend = every_backend();
  INFO(backend);
  static int ticks = 0;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) { ++ticks; };  // without SA_RESTART
  ::sigaction(SIGALRM, &action, &before);
  const itimerval often{.it_interval = {.tv_sec = 0, .tv_usec = 100},
                        .it_value = {.tv_sec = 0, .tv_usec = 100}};
  ::setitimer(ITIMER_REAL, &often, nullptr);
  {
    EventLoop loop = EventLoop::over(backend);
    Connection connection(loop);
    const UniqueFd& peer = connection.peer;
    std::string seen;
    const auto body = [&]() -> Task<> {
      char buffer[10];
      for (int i = 0; i < 20; ++i) {
        const auto until = Clock::now() + 500us;
        co_await sleep_until(until);
        CHECK(Clock::now() >= until);
        while (::send(peer.get(), "x", 1, 0) == -1) {
        }
        seen.append(buffer, co_await read(connection.stream, buffer));
      }
    };
    loop.run_until_complete(body());
    CHECK(seen == std::string(20, 'x'));
  }
  const itimerval never{};
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  CHECK(ticks > 0);
}

TEST_CASE("a full backlog makes clients wait, and all of them get in")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Stream listener(loop, listen_on(Endpoint::loopback_v4(0), 1));
  const Endpoint address = local_endpoint(listener.descriptor());
  std::deque<UniqueFd> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(start_connect(address));
  const auto server = [&]() -> Task<int> {
    int accepted = 0;
    for (; accepted < 3; ++accepted) co_await accept(listener);
    co_return accepted;
  };
  CHECK(loop.run_until_complete(with_timeout(20s, server())) == 3);
}
