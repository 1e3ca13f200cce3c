#include "tasks/gather.hpp"

#include <memory>
#include <string>
#include <vector>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Task<> sleep_with(Clock::duration delay, bool& gone)
{
  const Guest guest(gone);
  co_await sleep_for(delay);
}

Task<> fail_later(Clock::duration delay)
{
  co_await sleep_for(delay);
  throw std::runtime_error("no oven");
}

}  // namespace

TEST_CASE("the results of many tasks come in the order of the tasks")
{
  EventLoop loop;
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(later(std::chrono::microseconds(2000 - 100 * i), i));
  const std::vector<int> results = loop.run_until_complete(gather(std::move(tasks)));
  for (int i = 0; i < 20; ++i) CHECK(results[static_cast<std::size_t>(i)] == i);
  CHECK(loop.run_until_complete(gather(std::vector<Task<int>>{})).empty());
  loop.run_until_complete(gather(std::vector<Task<>>{}));
}

TEST_CASE("tasks of different kinds give a tuple")
{
  EventLoop loop;
  bool gone = false;
  const auto text = []() -> Task<std::unique_ptr<std::string>> {
    co_return std::make_unique<std::string>("cake");
  };
  const auto body = [&]() -> Task<> {
    const auto [number, cake, nothing] =
        co_await gather(later(1ms, 7), text(), sleep_with(1ms, gone));
    CHECK(number == 7);
    CHECK(*cake == "cake");
  };
  loop.run_until_complete(body());
  CHECK(gone);
}

TEST_CASE("where one fails the others are cancelled, and have ended when its exception is thrown")
{
  EventLoop loop;
  bool gone[2] = {};
  const auto body = [&]() -> Task<> {
    try {
      std::vector<Task<>> tasks;
      tasks.push_back(sleep_with(1h, gone[0]));
      tasks.push_back(fail_later(1ms));
      tasks.push_back(sleep_with(1h, gone[1]));
      co_await gather(std::move(tasks));
      FAIL("nothing was thrown");
    } catch (const std::runtime_error& error) {
      CHECK(std::string(error.what()) == "no oven");
    }
    CHECK((gone[0] && gone[1]));
  };
  loop.run_until_complete(body());
  CHECK(loop.tasks().empty());

  const auto mixed = [&]() -> Task<> { co_await gather(later(1h, 1), fail_later(0s)); };
  CHECK_THROWS_AS(loop.run_until_complete(mixed()), std::runtime_error);
}

TEST_CASE("cancelling who gathers cancels all of them; destroying it destroys them")
{
  EventLoop loop;
  bool gone[2] = {};
  const auto body = [&]() -> Task<> {
    co_await gather(sleep_with(1h, gone[0]), sleep_with(1h, gone[1]));
  };
  auto task = loop.spawn(body());
  run_for_a_moment(loop);
  CHECK(loop.tasks().all().size() == 3);
  SECTION("cancelled")
  {
    task.cancel();
    loop.run();
    CHECK_THROWS_AS(task.result(), Cancelled);
  }
  SECTION("destroyed") { task.destroy(); }
  CHECK((gone[0] && gone[1]));
  CHECK(loop.tasks().empty());
}

TEST_CASE("tasks begin in the order in which they are gathered")
{
  EventLoop loop;
  std::string order;
  const auto one = [&](char name) -> Task<> {
    order += name;
    co_return;
  };
  const auto body = [&]() -> Task<> { co_await gather(one('a'), one('b'), one('c')); };
  loop.run_until_complete(body());
  CHECK(order == "abc");
}

TEST_CASE("one that has failed before anybody waits cancels the others as well")
{
  EventLoop loop;
  bool gone = false;
  const auto body = [&]() -> Task<> {
    auto both = gather(fail("no oven"), sleep_with(1h, gone));
    co_await sleep_for(1ms);
    co_await std::move(both);
  };
  CHECK_THROWS_AS(loop.run_until_complete(body()), std::runtime_error);
  CHECK(gone);
}
