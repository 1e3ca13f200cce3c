#include "tasks/with_timeout.hpp"

#include <vector>

#include "coroutine_case.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("what is done in time gives its result, or its exception")
{
  EventLoop loop;
  CHECK(loop.run_until_complete(with_timeout(1h, later(1ms, 5))) == 5);
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(1h, fail("no oven"))), std::runtime_error);
  loop.run();  // no timer is left
}

TEST_CASE("when the time is up, the task unwinds, and TimedOut is thrown")
{
  EventLoop loop;
  bool gone = false;
  const auto slow = [&]() -> Task<> {
    const Guest guest(gone);
    co_await later(1h, 1);
  };
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(1ms, slow())), TimedOut);
  CHECK(gone);
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(0s, later(1h, 1))), TimedOut);
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(-1h, later(1h, 1))), TimedOut);
  loop.run();
}

TEST_CASE("a task that ends well though its time is up has its result taken")
{
  EventLoop loop;
  const auto stubborn = []() -> Task<int> {
    try {
      co_await sleep_for(1h);
    } catch (const Cancelled&) {
    }
    co_return 3;
  };
  CHECK(loop.run_until_complete(with_timeout(1ms, stubborn())) == 3);
}

TEST_CASE("a time that passes between a result and its taking does no harm afterwards")
{
  EventLoop loop;
  const auto body = [&]() -> Task<int> {
    const auto instant = []() -> Task<int> {
      co_await sleep_for(0s);
      co_return 1;
    };
    int sum = 0;
    for (int i = 0; i < 200; ++i) {
      try {
        sum += co_await with_timeout(0s, instant());
      } catch (const TimedOut&) {
      }
      co_await sleep_for(0s);  // would throw Cancelled, were one left over
    }
    co_return sum;
  };
  CHECK_NOTHROW(loop.run_until_complete(body()));
}

TEST_CASE("a time that passes while what was waited for is ready leaves no cancellation behind")
{
  EventLoop loop;
  int left_over = 0;
  const auto body = [&]() -> Task<> {
    for (int i = 0; i < 50; ++i) {
      try {
        co_await with_timeout(1ms, later(1ms, 5));  // both come in the same turn, or nearly
      } catch (const TimedOut&) {
      }
      try {
        co_await sleep_for(0s);
      } catch (const Cancelled&) {
        ++left_over;
      }
    }
  };
  loop.run_until_complete(body());
  CHECK(left_over == 0);
}

TEST_CASE("a cancellation from above is no timeout")
{
  EventLoop loop;
  auto task = loop.spawn(with_timeout(1h, later(1h, 1)));
  run_for_a_moment(loop);
  task.cancel();
  loop.run();
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("a cancellation from above while the timeout unwinds isn't lost")
{
  EventLoop loop;
  const auto slow_to_clean = []() -> Task<> {
    bool cancelled = false;
    try {
      co_await sleep_for(1h);
    } catch (const Cancelled&) {
      cancelled = true;
    }
    if (cancelled) {
      co_await sleep_for(20ms);
      throw Cancelled{};
    }
  };
  auto task = loop.spawn(with_timeout(0s, slow_to_clean()));
  run_for_a_moment(loop);
  CHECK(!task.done());
  task.cancel();
  loop.run();
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("timeouts nest: the nearer one is thrown")
{
  EventLoop loop;
  std::string order;
  const auto inner = [&]() -> Task<int> {
    try {
      co_return co_await with_timeout(1ms, later(1h, 1));
    } catch (const TimedOut&) {
      order += "inner";
    }
    co_return 2;
  };
  CHECK(loop.run_until_complete(with_timeout(1h, inner())) == 2);
  CHECK(order == "inner");
  const auto patient = [&]() -> Task<int> { co_return co_await with_timeout(1h, later(1h, 1)); };
  CHECK_THROWS_AS(loop.run_until_complete(with_timeout(1ms, patient())), TimedOut);
}

TEST_CASE("a wait for a peer that says nothing ends in time, and nothing it sends later is lost")
{
  EventLoop loop;
  auto [here, there] = make_socket_pair();
  const auto body = [&]() -> Task<> {
    Stream stream(std::move(here));
    char buffer[8];
    bool timed_out = false;
    try {
      co_await with_timeout(1ms, read(stream, buffer));
    } catch (const TimedOut&) {
      timed_out = true;
    }
    CHECK(timed_out);
    write_all(there, "late");
    const std::size_t count = co_await with_timeout(1h, read(stream, buffer));
    CHECK(count == 4);
  };
  loop.run_until_complete(body());
}
