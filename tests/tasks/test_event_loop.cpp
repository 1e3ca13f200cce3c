// The loop by itself: callbacks, timers, exceptions, fairness. Descriptors, threads and pools are
// in test_event_loop_waiting.cpp. A test that could hang runs in a child, which is killed then.
#include "tasks/event_loop.hpp"

#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("an idle loop ends at once")
{
  EventLoop loop;
  loop.run();
  loop.run();
  SUCCEED();
}

TEST_CASE("callbacks run first in, first out, those of callbacks too")
{
  EventLoop loop;
  std::string order;
  loop.call_soon([&] {
    order += 'a';
    loop.call_soon([&] { order += 'd'; });
  });
  loop.call_soon([&] {
    order += 'b';
    loop.call_soon([&] { order += 'e'; });
  });
  loop.call_soon([&] { order += 'c'; });
  REQUIRE(order.empty());
  loop.run();
  REQUIRE(order == "abcde");
}

TEST_CASE("a callback may hold what can be destroyed with it")
{
  EventLoop loop;
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watcher = owned;
  loop.call_soon([owned = std::move(owned)] {});
  REQUIRE(!watcher.expired());
  loop.run();
  REQUIRE(watcher.expired());
}

TEST_CASE("timers run in the order of their times, whenever they were made")
{
  EventLoop loop;
  std::string order;
  const auto now = Clock::now();
  loop.call_at(now + 6ms, [&] { order += 'd'; });
  loop.call_at(now + 2ms, [&] { order += 'b'; });
  loop.call_at(now + 4ms, [&] { order += 'c'; });
  loop.call_at(now, [&] { order += 'a'; });
  loop.run();
  REQUIRE(order == "abcd");
}

TEST_CASE("timers of equal times run in the order in which they were made")
{
  EventLoop loop;
  std::vector<int> order;
  const auto when = Clock::now() + 1ms;
  for (int i = 0; i < 50; ++i) loop.call_at(when, [&order, i] { order.push_back(i); });
  loop.run();
  for (int i = 0; i < 50; ++i) REQUIRE(order[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("a timer never runs early")
{
  EventLoop loop;
  for (const std::chrono::microseconds wait : {1us, 50us, 700us, 3'000us, 12'345us}) {
    const auto when = Clock::now() + wait;
    bool early = true;
    loop.call_at(when, [&] { early = Clock::now() < when; });
    loop.run();
    REQUIRE(!early);
  }
}

TEST_CASE("a time in the past means the next turn")
{
  EventLoop loop;
  std::string order;
  for (const auto when : {Clock::time_point{}, Clock::time_point::min(), Clock::now() - 1h})
    loop.call_at(when, [&] { order += 't'; });
  loop.call_soon([&] { order += 'c'; });
  loop.run();
  REQUIRE(order.size() == 4);
}

TEST_CASE("a timer that is far away doesn't keep the others")
{
  EventLoop loop;
  std::string order;
  loop.call_at(Clock::time_point::max(), [&] { order += "never"; });
  loop.call_at(Clock::now() + 2ms, [&] {
    order += "now";
    loop.stop();
  });
  loop.run();
  REQUIRE(order == "now");
}

TEST_CASE("stop ends the loop, and what is left waits for the next run")
{
  EventLoop loop;
  std::string order;
  loop.call_soon([&] {
    order += 'a';
    loop.stop();
  });
  loop.call_soon([&] { order += 'b'; });
  loop.call_at(Clock::now(), [&] { order += 'c'; });
  loop.run();
  REQUIRE(order == "a");
  loop.run();
  REQUIRE(order == "abc");
}

TEST_CASE("stop from a timer")
{
  EventLoop loop;
  int runs = 0;
  for (int i = 0; i < 3; ++i)
    loop.call_at(Clock::now(), [&] {
      ++runs;
      loop.stop();
    });
  for (int i = 0; i < 3 && runs < 3; ++i) loop.run();
  REQUIRE(runs == 3);
}

TEST_CASE("an exception leaves run(), and the loop can be run again")
{
  EventLoop loop;
  std::string order;
  SECTION("from a callback")
  {
    loop.call_soon([&] {
      order += 'a';
      throw std::runtime_error("no oven");
    });
  }
  SECTION("from a timer")
  {
    loop.call_at(Clock::now() - 1h, [&] {
      order += 'a';
      throw std::runtime_error("no oven");
    });
  }
  SECTION("from a descriptor's callback")
  {
    const Pipe pipe = make_pipe();
    loop.watch(pipe.write_end.get(), Ready::kWrite, [&](Ready) {
      loop.unwatch(pipe.write_end.get());
      order += 'a';
      throw std::runtime_error("no oven");
    });
    REQUIRE_THROWS_AS(loop.run(), std::runtime_error);
    loop.call_soon([] { throw std::runtime_error("again"); });
  }
  loop.call_at(Clock::now() + 1ms, [&] { order += 'b'; });
  REQUIRE_THROWS_AS(loop.run(), std::runtime_error);
  loop.run();
  REQUIRE(order == "ab");
}

TEST_CASE("a callback that asks for itself for ever starves neither timers nor descriptors")
{
  const int code = exit_code_in_child([] {
    EventLoop loop;
    const Pipe pipe = make_pipe();
    bool timed = false;
    bool readable = false;
    std::function<void()> again = [&] {
      if (timed && readable) return loop.stop();
      loop.call_soon(again);
    };
    loop.call_soon(again);
    loop.call_at(Clock::now() + 2ms, [&] {
      timed = true;
      write_all(pipe.write_end, "x");
    });
    loop.watch(pipe.read_end.get(), Ready::kRead, [&](Ready) { readable = true; });
    loop.run();
    return timed && readable ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("who was ready when a turn began runs before a descriptor that became ready in it")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  const auto all = static_cast<int>(10 * Scheduler::kReadyPerTurn);
  int begun = 0;
  int begun_before_reading = 0;
  loop.call_soon([&] { write_all(pipe.write_end, "x"); });
  for (int i = 0; i < all; ++i) loop.call_soon([&] { ++begun; });
  loop.watch(pipe.read_end.get(), Ready::kRead, [&](Ready) {
    begun_before_reading = begun;
    loop.unwatch(pipe.read_end.get());
  });
  loop.run();
  CHECK(begun_before_reading == all);
}

TEST_CASE("a timer that asks for itself in the past starves neither callbacks nor descriptors")
{
  const int code = exit_code_in_child([] {
    EventLoop loop;
    const Pipe pipe = make_pipe();
    write_all(pipe.write_end, "x");
    bool called = false;
    bool readable = false;
    std::function<void()> again = [&] {
      if (called && readable) return loop.stop();
      loop.call_at(Clock::time_point{}, again);
    };
    loop.call_at(Clock::time_point{}, again);
    loop.call_at(Clock::time_point{}, [&] { loop.call_soon([&] { called = true; }); });
    loop.watch(pipe.read_end.get(), Ready::kRead, [&](Ready) { readable = true; });
    loop.run();
    return 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("a descriptor that is always ready starves neither callbacks nor timers")
{
  const int code = exit_code_in_child([] {
    EventLoop loop;
    const Pipe pipe = make_pipe();
    bool called = false;
    loop.watch(pipe.write_end.get(), Ready::kWrite, [](Ready) {});
    loop.call_at(Clock::now() + 1ms, [&] {
      loop.call_soon([&] {
        called = true;
        loop.stop();
      });
    });
    loop.run();
    return called ? 0 : 1;
  });
  REQUIRE(code == 0);
}
