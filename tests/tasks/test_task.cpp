#include "tasks/task.hpp"

#include <functional>
#include <memory>

#include "coroutine_case.hpp"
#include "tasks/coroutine.hpp"
#include "tasks/running_loop.hpp"
#include "tasks/task_frame.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Task<> add(int& sum, int value)
{
  sum += value;
  co_return;
}

Task<int> give(int value) { co_return value; }

template <class Result>
Result run(Task<Result> task)
{
  EventLoop loop;
  return loop.run_until_complete(std::move(task));
}

}  // namespace

TEST_CASE("a task does nothing before it is started, and nothing before the loop's turn")
{
  EventLoop loop;
  int sum = 0;
  Task<> task = add(sum, 5);
  CHECK(sum == 0);
  const auto spawned = loop.spawn(std::move(task));
  CHECK(sum == 0);
  CHECK(!spawned.done());
  loop.run();
  CHECK(sum == 5);
  CHECK(spawned.done());
}

TEST_CASE("a task that is never started is destroyed with what it holds")
{
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watcher = held;
  {
    const auto hold = [](std::shared_ptr<int>) -> Task<> { co_return; };
    const Task<> task = hold(std::move(held));
    CHECK(!watcher.expired());
  }
  CHECK(watcher.expired());
}

TEST_CASE("co_return gives the result, of any kind")
{
  CHECK(run(give(7)) == 7);
  const auto text = []() -> Task<std::string> { co_return "cake"; };
  CHECK(run(text()) == "cake");
  const auto owner = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  CHECK(*run(owner()) == 3);
  const auto sum = []() -> Task<int> { co_return co_await give(1) + co_await give(10); };
  CHECK(run(sum()) == 11);
}

TEST_CASE("an exception of the outermost task is its result")
{
  CHECK_THROWS_AS(run(fail("no oven")), std::runtime_error);
}

TEST_CASE("an exception crosses co_await, and can be caught there")
{
  std::string caught;
  bool gone = false;
  const auto inner = [&]() -> Task<int> {
    const Guest guest(gone);
    co_await fail("through two");
    co_return 1;
  };
  const auto outer = [&]() -> Task<> {
    try {
      co_await inner();
    } catch (const std::runtime_error& error) {
      caught = error.what();
      CHECK(gone);
    }
    co_await fail("and out");
  };
  CHECK_THROWS_AS(run(outer()), std::runtime_error);
  CHECK(caught == "through two");
}

TEST_CASE("many awaits in a row, and many deep")
{
  int sum = 0;
  const auto row = [&]() -> Task<> {
    for (int i = 0; i < 2000; ++i) co_await add(sum, 1);
  };
  std::function<Task<>(int)> deep = [&](int depth) -> Task<> {
    if (depth > 0) co_await deep(depth - 1);
    ++sum;
  };
  const auto both = [](Task<> first, Task<> second) -> Task<> {
    co_await first;
    co_await second;
  };
  run(both(row(), deep(500)));
  CHECK(sum == 2501);
}

TEST_CASE("a task moves, and its new owner has it")
{
  int sum = 0;
  Task<> first = add(sum, 3);
  Task<> second = std::move(first);
  run(std::move(second));
  CHECK(sum == 3);
}

TEST_CASE("a frame knows its function, its parent, and the ends of its chain")
{
  EventLoop loop;
  const auto inner = []() -> Task<> { co_await sleep_for(1h); };
  Task<> child = inner();
  TaskFrame& child_frame = child.frame();
  const auto outer = [&]() -> Task<> { co_await child; };
  const auto task = loop.spawn(outer());
  run_for_a_moment(loop);
  CHECK(task.frame().is_task());
  CHECK(!child_frame.is_task());
  CHECK(&task.frame().innermost() == &child_frame);
  CHECK(&child_frame.outermost() == &task.frame());
  CHECK(child_frame.parent() == &task.frame());
  CHECK(child_frame.waiting()->describe() == "sleeps");
  CHECK(std::string(child_frame.where().file_name()).find("test_task.cpp") != std::string::npos);
}

TEST_CASE("what a coroutine carries fits 32 bytes")
{
  CHECK(sizeof(TaskFrame) == 32);
  CHECK(sizeof(TaskPromise<void>) == 32);
}
