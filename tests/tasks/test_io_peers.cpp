// What a server must stand, over every backend: peers that say nothing or vanish, connections that
// are reset on their way in, a full backlog, descriptors that run out, and very many of them.
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <deque>
#include <vector>

#include "connections.hpp"
#include "every_backend.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"
#include "os/usage.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

int failed_accepts = 0;

/// Loses `socket` without a word to its peer, as a crashed machine does: tcp(7), TCP_REPAIR. False
/// where this process may not.
bool vanishes(UniqueFd& socket)
{
  const int on = 1;
  if (::setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) == -1) return false;
  socket.reset();
  return true;
}

/// Serves until it is cancelled; says how many connections broke, and how many were too slow.
struct Server {
  Task<> serve_one(Stream given, Clock::duration limit)
  {
    try {
      co_await with_timeout(limit, echo(std::move(given)));
    } catch (const SyscallError&) {
      ++broken;
    } catch (const TimedOut&) {
      ++timed_out;
    }
    ++ended;
  }
  Task<> serve(Stream& listener, Clock::duration limit = 1h)
  {
    for (;;) {
      Stream connection = co_await accept(listener);
      ++accepted;
      EventLoop::running().spawn(serve_one(std::move(connection), limit));
    }
  }
  int accepted = 0;
  int broken = 0;
  int timed_out = 0;
  int ended = 0;
};

struct Listening {
  explicit Listening(EventLoop& loop, int backlog = 4096)
      : listener(loop, listen_on(Endpoint::loopback_v4(0), backlog)),
        address(local_endpoint(listener.descriptor()))
  {
  }
  Stream listener;
  Endpoint address;
};

}  // namespace

// In the place of the C library's, for this program: what the kernel says, counted.
extern "C" int accept4(int fd, sockaddr* address, socklen_t* length, int flags)
{
  const auto result = static_cast<int>(::syscall(SYS_accept4, fd, address, length, flags));
  if (result == -1 && errno == EMFILE) ++failed_accepts;
  return result;
}

TEST_CASE("a peer that never answers: a deadline ends the wait and closes the connection")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const UniqueFd silent = listen_on(Endpoint::loopback_v4(0));  // the kernel connects, nobody reads
  const std::size_t before = open_descriptors();
  const auto ask = [&]() -> Task<bool> {
    Stream stream = co_await connect(local_endpoint(silent));
    co_await write_all(stream, "anybody?");
    char answer[10];
    try {
      co_await with_timeout(5ms, read(stream, answer));
    } catch (const TimedOut&) {
      co_return true;
    }
    co_return false;
  };
  CHECK(loop.run_until_complete(ask()));
  run_for_a_moment(loop);
  CHECK(open_descriptors() == before);
  const UniqueFd late = std::move(*accept_connection(silent));
  CHECK(read_to_end(late) == "anybody?");  // and the end of the stream after it
}

TEST_CASE("a peer that is gone without a word: the deadline of its reader closes the connection")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const std::size_t before = open_descriptors();
  Connection connection(loop);
  const int number = connection.stream.fd();
  Server server;
  if (!vanishes(connection.peer)) WARN("no right to TCP_REPAIR: the peer is only silent");
  loop.run_until_complete(server.serve_one(std::move(connection.stream), 5ms));
  CHECK(server.timed_out == 1);
  CHECK(!is_open(number));
  connection.peer.reset();
  run_for_a_moment(loop);
  CHECK(open_descriptors() == before);
}

TEST_CASE("a peer that is gone without a word: its writer learns it by a reset")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  if (!vanishes(connection.peer)) return;
  const int error = loop.run_until_complete(error_of_writing(connection.stream));
  CHECK((error == ECONNRESET || error == EPIPE));
}

TEST_CASE("idle peers are closed at their deadline, and those who speak are served meanwhile")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Listening at(loop);
  Server server;
  auto serving = loop.spawn(server.serve(at.listener, 20ms));
  std::vector<UniqueFd> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(start_connect(at.address));
  int answers = 0;
  const auto speak = [&]() -> Task<> {
    while (server.timed_out < 20) {
      Stream stream = co_await connect(at.address);
      co_await write_all(stream, "x");
      char answer[1];
      const std::size_t count = co_await read(stream, answer);
      answers += count == 1;
      co_await sleep_for(1ms);
    }
  };
  loop.run_until_complete(speak());
  CHECK(answers > 0);
  for (const UniqueFd& one : idle) CHECK(read_to_end(one).empty());  // the server has closed it
  serving.cancel();
  loop.run();
  CHECK(server.ended == server.accepted);
}

TEST_CASE("a peer that doesn't read: a deadline ends the write")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  const std::string much(20'000'000, 'x');
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(5ms, write_all(connection.stream, much))),
                  TimedOut);
  connection.stream.close();
  run_for_a_moment(loop);  // io_uring lets go of it in its next turn
  const std::string sent = read_to_end(connection.peer);
  CHECK(!sent.empty());
  CHECK(sent.size() < much.size());
}

TEST_CASE("a reset while connecting is an error, and leaves no descriptor behind")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const std::size_t before = open_descriptors();
  UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const auto connect_and_read = [](Endpoint address) -> Task<int> {
    try {
      Stream stream = co_await connect(address);
      co_return co_await error_of_reading(stream);
    } catch (const SyscallError& error) {
      co_return error.code().value();
    }
  };
  auto task = loop.spawn(connect_and_read(local_endpoint(listener)));
  loop.call_soon([&] { listener.reset(); });  // resets whoever waits to be accepted
  loop.run();
  const int error = task.result();
  INFO(error);
  CHECK((error == ECONNRESET || error == ECONNREFUSED));
  CHECK(open_descriptors() == before);
}

TEST_CASE("a connection that is reset before it is accepted breaks alone: the next is served")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Listening at(loop);
  const auto knock_and_run = [&] {
    const UniqueFd client = connect_blocking(at.address, Clock::now() + 20s);
    reset_at_close(client.get());
  };
  for (int i = 0; i < 10; ++i) knock_and_run();
  Server server;
  auto serving = loop.spawn(server.serve(at.listener));
  const auto client = [&]() -> Task<> {
    Stream stream = co_await connect(at.address);
    co_await write_all(stream, "x");
    char answer[1];
    const std::size_t count = co_await read(stream, answer);
    CHECK(count == 1);
  };
  for (int i = 0; i < 10; ++i) {
    loop.run_until_complete(client());
    knock_and_run();
  }
  loop.run_until_complete(client());
  CHECK(!serving.done());
  while (server.ended < server.accepted) run_for_a_moment(loop);
  serving.cancel();
  loop.run();
  CHECK(server.accepted >= 11);
  CHECK(server.broken == server.accepted - 11);
}

TEST_CASE("a full backlog: a deadline gives up connecting, and leaves no descriptor behind")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0), 0);
  const Endpoint address = local_endpoint(listener);
  std::deque<UniqueFd> waiting;
  do waiting.push_back(start_connect(address));
  while (write_some(waiting.back(), "x"));  // until one isn't let in
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 3; ++i)
    CHECK_THROWS_AS(loop.run_until_complete(with_timeout(3ms, connect(address))), TimedOut);
  run_for_a_moment(loop);
  CHECK(open_descriptors() == before);
}

TEST_CASE(
    "where descriptors run out, accepting pauses; those connected are served; then it goes on")
{
  const auto backend = every_backend();
  INFO(backend);
  const int code = exit_code_in_child([&] {
    EventLoop loop = EventLoop::over(backend);
    Stream listener(loop, listen_on(Endpoint::loopback_v4(0)));
    const Endpoint address = local_endpoint(listener.descriptor());
    const rlimit few{.rlim_cur = open_descriptors() + 8, .rlim_max = open_descriptors() + 100};
    ::setrlimit(RLIMIT_NOFILE, &few);
    std::vector<Stream> served;
    const auto server = [&]() -> Task<> {
      for (;;) {
        Stream connection = co_await accept(listener);
        served.push_back(std::move(connection));
      }
    };
    std::deque<UniqueFd> clients;
    try {
      for (;;) clients.push_back(start_connect(address));
    } catch (const SyscallError&) {
    }
    const std::size_t all = clients.size();
    clients.pop_back();  // one descriptor for the server, and no more
    failed_accepts = 0;
    const auto begin = Clock::now();
    auto serving = loop.spawn(server());
    loop.call_later(110ms, [&] { loop.stop(); });
    loop.run();
    // A hundred a second, at most: late timers only make them fewer.
    const double passed_s = std::chrono::duration<double>(Clock::now() - begin).count();
    if (failed_accepts < 1 || failed_accepts > 1 + 100 * passed_s) return 4;
    if (served.size() != 1) return 1;
    const auto echo = [&]() -> Task<std::size_t> {
      write_all(clients.front(), "ping");
      char buffer[10];
      co_return co_await read(served.front(), buffer);
    };
    if (loop.run_until_complete(echo()) != 4) return 2;
    while (clients.size() > all / 2) clients.pop_back();  // descriptors return
    loop.call_later(60ms, [&] { loop.stop(); });
    loop.run();
    return served.size() > 2 && !serving.done() ? 0 : 3;
  });
  CHECK(code == 0);
}

TEST_CASE("ten thousand connections, opened and closed, leave nothing behind")
{
  const auto backend = every_backend();
  INFO(backend);
  const std::size_t descriptors = open_descriptors();
  const std::size_t threads = living_threads();
  {
    EventLoop loop = EventLoop::over(backend);
    Listening at(loop);
    const auto clients = [&](int connections) -> Task<> {
      for (int i = 0; i < connections; ++i) {
        Stream stream = co_await connect(at.address);
        reset_at_close(stream.fd());
        co_await write_all(stream, "hello");
        char buffer[16];
        const std::size_t count = co_await read(stream, buffer);
        REQUIRE(count == 5);
      }
    };
    const auto in_tens = [&](int each) -> Task<> {
      std::vector<Task<>> all;
      for (int i = 0; i < 10; ++i) all.push_back(clients(each));
      co_await gather(std::move(all));
    };
    Server server;
    auto serving = loop.spawn(server.serve(at.listener));
    loop.run_until_complete(in_tens(100));
    run_for_a_moment(loop);
    [[maybe_unused]] const struct mallinfo2 warm = ::mallinfo2();
    loop.run_until_complete(in_tens(1000));
    while (server.ended < server.accepted) run_for_a_moment(loop);
    CHECK(server.accepted == 11'000);
    CHECK(loop.tasks().all().size() == 1);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have their own malloc
    // Less than a byte for each, in use and on the heap: what little there is, is the vectors'.
    CHECK(::mallinfo2().uordblks < warm.uordblks + 10'000);
    CHECK(::mallinfo2().arena + ::mallinfo2().hblkhd < warm.arena + warm.hblkhd + 200'000);
#endif
    serving.cancel();
    loop.run();
    CHECK(loop.tasks().empty());
  }
  CHECK(open_descriptors() == descriptors);
  CHECK(living_threads() == threads);
  CHECK((::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD));
}

TEST_CASE("who accepts from a backlog that is never empty starves nobody")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  constexpr int kClients = 100;
  Stream listener(loop, listen_on(Endpoint::loopback_v4(0)));
  std::vector<UniqueFd> clients;
  for (int i = 0; i < kClients; ++i)
    clients.push_back(connect_blocking(local_endpoint(listener.descriptor()), Clock::now() + 5s));
  int accepted = 0;
  int most_in_a_turn = 0;
  const auto accept_all = [&]() -> Task<> {
    while (accepted < kClients) {
      co_await accept(listener);
      ++accepted;
    }
  };
  const auto look = [&]() -> Task<> {
    for (int before = 0; accepted < kClients; before = accepted) {
      co_await next_turn();
      most_in_a_turn = std::max(most_in_a_turn, accepted - before);
    }
  };
  loop.spawn(look());
  loop.run_until_complete(accept_all());
  CHECK(most_in_a_turn <= 64);
}

TEST_CASE(
    "who is cancelled right after it has accepted has the connection, and stops at its next wait")
{
  EventLoop loop;
  Stream listener(loop, listen_on(Endpoint::loopback_v4(0)));
  std::vector<UniqueFd> clients;
  for (int i = 0; i < 20; ++i)
    clients.push_back(connect_blocking(local_endpoint(listener.descriptor()), Clock::now() + 5s));
  std::size_t accepted = 0;
  std::vector<Stream> kept;
  const auto accept_all = [&]() -> Task<> {
    for (;;) {
      kept.push_back(co_await accept(listener));
      ++accepted;
    }
  };
  auto task = loop.spawn(accept_all());
  run_for_a_turn(loop);  // of those there are, it has had some
  REQUIRE(accepted < clients.size());
  task.cancel();
  loop.run();
  CHECK_THROWS_AS(task.result(), Cancelled);
  for (std::size_t i = 0; i <= accepted && i < clients.size(); ++i) {
    pollfd there{.fd = clients[i].get(), .events = POLLIN, .revents = 0};
    CHECK(::poll(&there, 1, 0) == 0);  // none of them was hung up on
  }
}
