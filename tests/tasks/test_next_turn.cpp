#include "tasks/next_turn.hpp"

#include <string>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("everybody has a turn before anybody has the next")
{
  EventLoop loop;
  std::string order;
  const auto turns = [&](char name) -> Task<> {
    for (int i = 0; i < 3; ++i) {
      order += name;
      co_await next_turn();
    }
  };
  for (const char name : {'a', 'b', 'c'}) loop.spawn(turns(name));
  loop.run();
  CHECK(order == "abcabcabc");
}

TEST_CASE("who only wants the next turn keeps no timer from its own")
{
  EventLoop loop;
  bool over = false;
  const auto greedy = [&]() -> Task<> {
    while (!over) co_await next_turn();
  };
  loop.spawn(greedy());
  loop.call_later(std::chrono::milliseconds(1), [&] { over = true; });
  loop.run();
  CHECK(over);
}

TEST_CASE("a cancellation comes at the next turn")
{
  EventLoop loop;
  int turns = 0;
  bool cancelled = false;
  const auto forever = [&]() -> Task<> {
    try {
      while (true) {
        ++turns;
        co_await next_turn();
      }
    } catch (const Cancelled&) {
      cancelled = true;
      throw;
    }
  };
  auto task = loop.spawn(forever());
  loop.call_later(std::chrono::milliseconds(1), [&] { task.cancel(); });
  loop.run();
  CHECK(cancelled);
  CHECK(turns > 0);
}

TEST_CASE("a task that is destroyed before its turn is never resumed")
{
  EventLoop loop;
  int turns = 0;
  const auto twice = [&]() -> Task<> {
    ++turns;
    co_await next_turn();
    ++turns;
  };
  auto task = loop.spawn(twice());
  loop.call_soon([&] { task.destroy(); });
  loop.run();
  CHECK(turns == 1);
}
