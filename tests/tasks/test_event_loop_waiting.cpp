// The loop and what it waits for: descriptors, other threads, pools.
#include <array>
#include <atomic>
#include <optional>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "in_child.hpp"
#include "loopback.hpp"
#include "os/pipe.hpp"
#include "tasks/descriptors.hpp"
#include "tasks/event_loop.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

void take_one(const UniqueFd& fd)
{
  std::array<char, 1> byte{};
  read_exactly(fd, byte);
}

}  // namespace

TEST_CASE("a watched descriptor calls back as long as it is ready, until it is unwatched")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  write_all(pipe.write_end, "abc");
  int calls = 0;
  loop.watch(pipe.read_end.get(), Ready::kRead, [&](Ready ready) {
    REQUIRE((ready & Ready::kRead) == Ready::kRead);
    take_one(pipe.read_end);
    if (++calls == 3) loop.unwatch(pipe.read_end.get());
  });
  loop.run();
  REQUIRE(calls == 3);
}

TEST_CASE("watching again replaces interest and callback")
{
  EventLoop loop;
  const auto [here, there] = connected_pair();
  std::string order;
  loop.watch(here.get(), Ready::kRead, [&](Ready) { order += "never"; });
  loop.watch(here.get(), Ready::kWrite, [&, &fd = here](Ready) {
    order += 'w';
    loop.watch(fd.get(), Ready::kWrite,
               [&](Ready) {  // from inside its own callback, which is destroyed by it
                 order += 'v';
                 loop.unwatch(fd.get());
               });
    order += 'x';
  });
  loop.run();
  REQUIRE(order == "wxv");
}

TEST_CASE("watching for nothing is unwatching")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  write_all(pipe.write_end, "x");
  loop.watch(pipe.read_end.get(), Ready::kRead, [](Ready) { FAIL("nothing was asked for"); });
  loop.watch(pipe.read_end.get(), Ready::kNothing, [](Ready) { FAIL("nothing was asked for"); });
  loop.run();
  loop.unwatch(pipe.read_end.get());
  loop.run();
}

TEST_CASE("unwatching what isn't watched changes nothing")
{
  EventLoop loop;
  REQUIRE_NOTHROW(loop.unwatch(12345));
}

TEST_CASE("what can't be watched throws and leaves nothing behind")
{
  EventLoop loop;
  REQUIRE_THROWS_AS(loop.watch(-1, Ready::kRead, [](Ready) {}), SyscallError);
  loop.run();  // would wait for ever for what it doesn't watch
  SUCCEED();
}

TEST_CASE("a callback may unwatch one that is ready in the same turn: it isn't called any more")
{
  EventLoop loop;
  const Pipe first = make_pipe();
  const Pipe second = make_pipe();
  int calls = 0;
  const auto callback = [&](Ready) {
    ++calls;
    loop.unwatch(first.write_end.get());
    loop.unwatch(second.write_end.get());
  };
  loop.watch(first.write_end.get(), Ready::kWrite, callback);
  loop.watch(second.write_end.get(), Ready::kWrite, callback);
  loop.run();
  REQUIRE(calls == 1);
}

TEST_CASE("an event for a closed descriptor doesn't reach who got its number")
{
  EventLoop loop;
  std::array<Pipe, 2> pipes{make_pipe(), make_pipe()};
  std::pair<UniqueFd, UniqueFd> stranger;
  int strange_calls = 0;
  int calls = 0;
  // Both are ready in one turn; whichever comes first closes the other, and its number is taken.
  const auto swap_out = [&](std::size_t mine, std::size_t other) {
    ++calls;
    loop.unwatch(pipes[mine].write_end.get());
    const int number = pipes[other].write_end.get();
    loop.unwatch(number);
    pipes[other] = {};
    stranger = make_socket_pair();  // silent: neither end is ever readable
    REQUIRE((stranger.first.get() == number || stranger.second.get() == number));
    loop.watch(number, Ready::kRead, [&](Ready) { ++strange_calls; });
    loop.call_at(Clock::now() + 5ms, [&loop] { loop.stop(); });
  };
  loop.watch(pipes[0].write_end.get(), Ready::kWrite, [&](Ready) { swap_out(0, 1); });
  loop.watch(pipes[1].write_end.get(), Ready::kWrite, [&](Ready) { swap_out(1, 0); });
  loop.run();
  REQUIRE(calls == 1);
  REQUIRE(strange_calls == 0);
}

TEST_CASE("a callback from another thread wakes a loop that waits")
{
  EventLoop loop;
  const Pipe never = make_pipe();
  loop.watch(never.read_end.get(), Ready::kRead, [](Ready) {});
  std::thread::id ran_on;
  std::thread other([&] {
    std::this_thread::sleep_for(5ms);
    loop.call_soon_threadsafe([&] {
      ran_on = std::this_thread::get_id();
      loop.unwatch(never.read_end.get());
    });
  });
  loop.run();
  other.join();
  REQUIRE(ran_on == std::this_thread::get_id());
}

TEST_CASE("callbacks of many threads all run, each thread's in order")
{
  constexpr int kThreads = 6;
  constexpr int kEach = 1000;
  EventLoop loop;
  std::array<std::vector<int>, kThreads> seen;
  const Pipe open = make_pipe();
  loop.watch(open.read_end.get(), Ready::kRead, [](Ready) {});
  int left = kThreads * kEach;
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i)
        loop.call_soon_threadsafe([&, t, i] {
          seen[t].push_back(i);
          if (--left == 0) loop.unwatch(open.read_end.get());
        });
    });
  loop.run();
  for (const auto& numbers : seen) {
    REQUIRE(numbers.size() == kEach);
    REQUIRE(std::is_sorted(numbers.begin(), numbers.end()));
  }
}

TEST_CASE("what was posted before the loop runs, runs: there is something ready")
{
  EventLoop loop;
  bool ran = false;
  loop.call_soon_threadsafe([&] { ran = true; });
  loop.run();
  REQUIRE(ran);
}

TEST_CASE("what a last callback posts runs too")
{
  EventLoop loop;
  int calls = 0;
  loop.call_soon([&] {
    ++calls;
    loop.call_soon_threadsafe([&] {
      ++calls;
      loop.call_soon_threadsafe([&] { ++calls; });
    });
  });
  loop.run();
  REQUIRE(calls == 3);
}

TEST_CASE("a posted callback that posts itself for ever doesn't starve timers")
{
  const int code = exit_code_in_child([] {
    EventLoop loop;
    std::function<void()> again = [&] { loop.call_soon_threadsafe(again); };
    loop.call_soon_threadsafe(again);
    loop.call_at(Clock::now() + 2ms, [&] { loop.stop(); });
    loop.run();
    return 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("a function runs in the pool, what comes after it on the loop")
{
  EventLoop loop;
  ThreadPool pool(2);
  std::thread::id function_ran_on;
  std::thread::id done_ran_on;
  loop.run_in_pool(
      pool, [&] { function_ran_on = std::this_thread::get_id(); },
      [&] { done_ran_on = std::this_thread::get_id(); });
  loop.run();
  REQUIRE(done_ran_on == std::this_thread::get_id());
  REQUIRE(function_ran_on != std::thread::id{});
  REQUIRE(function_ran_on != done_ran_on);
}

TEST_CASE("the loop waits for what is at work in a pool, and serves others meanwhile")
{
  EventLoop loop;
  ThreadPool pool(1);
  std::atomic<bool> released{false};
  std::string order;
  loop.run_in_pool(
      pool,
      [&] {
        while (!released) std::this_thread::yield();
      },
      [&] { order += "pool"; });
  loop.call_at(Clock::now() + 2ms, [&] {
    order += "timer ";
    released = true;
  });
  loop.run();
  REQUIRE(order == "timer pool");
}

TEST_CASE("many functions in a pool: each is done once")
{
  EventLoop loop;
  ThreadPool pool(3);
  std::vector<int> done(500, 0);
  for (std::size_t i = 0; i < done.size(); ++i)
    loop.run_in_pool(
        pool, [] {}, [&done, i] { ++done[i]; });
  loop.run();
  for (const int count : done) REQUIRE(count == 1);
}

TEST_CASE("what follows a function in a pool may start the next")
{
  EventLoop loop;
  ThreadPool pool(1);
  int rounds = 0;
  std::function<void()> next = [&] {
    if (++rounds < 100)
      loop.run_in_pool(
          pool, [] {}, next);
  };
  loop.run_in_pool(
      pool, [] {}, next);
  loop.run();
  REQUIRE(rounds == 100);
}

TEST_CASE("a client and a server on one loop: many connections, none blocks another")
{
  EventLoop loop;
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  set_non_blocking(listener);
  constexpr int kClients = 100;
  std::vector<UniqueFd> clients;
  std::vector<std::optional<UniqueFd>> served;
  served.reserve(kClients);
  int answers = 0;
  loop.watch(listener.get(), Ready::kRead, [&](Ready) {
    while (auto connection = accept_connection(listener)) {
      set_non_blocking(*connection);
      served.push_back(std::move(connection));
      const UniqueFd& fd = *served.back();
      loop.watch(fd.get(), Ready::kRead, [&loop, &fd](Ready) {
        std::array<char, 8> buffer{};
        if (const auto count = read_some(fd, buffer); count && *count > 0)
          write_some(fd, {buffer.data(), *count});
        else loop.unwatch(fd.get());
      });
    }
    if (served.size() == kClients) loop.unwatch(listener.get());
  });
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(start_connect(local_endpoint(listener)));
    UniqueFd& fd = clients.back();
    loop.watch(fd.get(), Ready::kWrite, [&](Ready) {
      write_some(fd, "ping");
      loop.watch(fd.get(), Ready::kRead, [&](Ready) {
        std::array<char, 8> buffer{};
        answers += read_some(fd, buffer) == std::optional<std::size_t>(4);
        loop.unwatch(fd.get());
        fd.reset();
      });
    });
  }
  loop.run();
  REQUIRE(answers == kClients);
}
