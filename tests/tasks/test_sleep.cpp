#include "tasks/sleep.hpp"

#include <vector>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("a sleep is never early, and sleepers wake in order")
{
  EventLoop loop;
  std::string order;
  bool early = false;
  const auto start = Clock::now();
  const auto sleeper = [&](char name, Clock::time_point when) -> Task<> {
    co_await sleep_until(when);
    early = early || Clock::now() < when;
    order += name;
  };
  loop.spawn(sleeper('c', start + 9ms));
  loop.spawn(sleeper('a', start - 1h));
  loop.spawn(sleeper('b', start + 4ms));
  loop.run();
  CHECK(order == "abc");
  CHECK(!early);
}

TEST_CASE("sleeping for no time is the others' turn")
{
  EventLoop loop;
  std::string order;
  const auto turns = [&](char name) -> Task<> {
    for (int i = 0; i < 3; ++i) {
      order += name;
      co_await sleep_for(0s);
    }
  };
  loop.spawn(turns('a'));
  loop.spawn(turns('b'));
  loop.run();
  CHECK(order == "ababab");
}

TEST_CASE("a time in the past, none and a very far one")
{
  EventLoop loop;
  int woken = 0;
  const auto sleeper = [&](Clock::duration delay) -> Task<> {
    co_await sleep_for(delay);
    ++woken;
  };
  loop.spawn(sleeper(-1h));
  loop.spawn(sleeper(Clock::duration::min()));
  loop.spawn(sleeper(0s));
  loop.spawn(sleeper(Clock::duration::max()));
  loop.spawn(sleeper(24h * 365 * 200));
  const auto for_centuries = [&]() -> Task<> {
    co_await sleep_for(std::chrono::hours(24 * 365 * 400));
    ++woken;
  };
  loop.spawn(for_centuries());
  run_for_a_moment(loop);
  CHECK(woken == 3);
  CHECK(loop.tasks().all().size() == 3);
}

TEST_CASE("a task that is destroyed while it sleeps is not woken")
{
  EventLoop loop;
  bool gone = false;
  bool woken = false;
  const auto sleep = [&]() -> Task<> {
    const Guest guest(gone);
    co_await sleep_for(3ms);
    woken = true;
  };
  auto task = loop.spawn(sleep());
  run_for_a_moment(loop);
  CHECK(!gone);
  task.destroy();
  CHECK(gone);
  loop.run();
  CHECK(!woken);
}

TEST_CASE("a loop that ends destroys who sleeps on it, in whatever state")
{
  bool sleeper_gone = false;
  bool unbegun_gone = false;
  {
    EventLoop loop;
    const auto sleep = [](bool& gone) -> Task<> {
      const Guest guest(gone);
      co_await sleep_for(1h);
    };
    const auto unbegun = [](std::unique_ptr<Guest>) -> Task<> { co_return; };
    loop.spawn(sleep(sleeper_gone));
    run_for_a_moment(loop);
    loop.spawn(unbegun(std::make_unique<Guest>(unbegun_gone)));
  }
  CHECK(sleeper_gone);
  CHECK(unbegun_gone);
}

TEST_CASE("many sleepers of the same and of mixed times all wake, each once")
{
  EventLoop loop;
  const int count = 20'000;
  std::vector<int> woken(count, 0);
  const auto sleeper = [&](int i) -> Task<> {
    co_await sleep_for(i % 2 == 0 ? 1ms : std::chrono::microseconds(i % 97));
    ++woken[static_cast<std::size_t>(i)];
  };
  for (int i = 0; i < count; ++i) loop.spawn(sleeper(i));
  loop.run();
  CHECK(std::count(woken.begin(), woken.end(), 1) == count);
  CHECK(loop.tasks().empty());
}
