// Who runs next. What a whole loop does with it is in test_event_loop.cpp and its neighbours.
#include "tasks/scheduler.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("what is left is dropped with the scheduler, and not run: the ready, the timed, tasks")
{
  const auto held = std::make_shared<int>(1);
  bool gone = false;
  bool ran = false;
  {
    EventLoop loop;
    const auto sleeper = [&]() -> Task<> {
      const Guest guest(gone);
      co_await sleep_for(24h);
      ran = true;
    };
    loop.spawn(sleeper());
    loop.call_soon([&loop] { loop.stop(); });
    loop.run();  // it sleeps now
    loop.call_soon([held, &ran] { ran = true; });
    loop.call_later(24h, [held, &ran] { ran = true; });
    CHECK(held.use_count() == 3);
  }
  CHECK(held.use_count() == 1);
  CHECK(gone);
  CHECK(!ran);
}

TEST_CASE("those who are due come behind those who are ready, in the order of their deadlines")
{
  constexpr int kEach = 3 * Scheduler::kTimersPerTurn;
  EventLoop loop;
  std::vector<int> order;
  const auto past = Clock::now() - 1h;
  for (int i = 0; i < kEach; ++i)
    loop.call_at(past + std::chrono::nanoseconds(kEach - i), [&order, i] { order.push_back(-i); });
  for (int i = 0; i < kEach; ++i) loop.call_soon([&order, i] { order.push_back(kEach + i); });
  loop.run();
  REQUIRE(order.size() == 2 * kEach);
  CHECK(std::is_sorted(order.begin(), order.begin() + kEach));
  CHECK(order[0] == kEach);
  CHECK(order[kEach] == 1 - kEach);
  CHECK(std::is_sorted(order.begin() + kEach, order.end()));
}

TEST_CASE("whoever needn't wait may go on for a while, and not for ever")
{
  EventLoop loop;
  int longest = 0;
  int in_a_row = 0;
  for (int i = 0; i < 1'000; ++i) {
    in_a_row = loop.may_go_on() ? in_a_row + 1 : 0;
    longest = std::max(longest, in_a_row);
  }
  CHECK(longest > 1);
  CHECK(longest < 100);
}
