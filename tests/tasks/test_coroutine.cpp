#include "tasks/coroutine.hpp"

#include <fcntl.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

Task add(int& sum, int value)
{
  sum += value;
  co_return;
}

Task add_both(int& sum)
{
  co_await add(sum, 1);
  co_await add(sum, 10);
}

Task fail(const char* why)
{
  throw std::runtime_error(why);
  co_return;
}

void run(Task& task)
{
  EventLoop loop;
  task.start_on(loop);
  loop.run();
}

/// Something that tells when it is destroyed.
struct Guest {
  explicit Guest(bool& gone_flag) : gone(gone_flag) {}
  Guest(const Guest&) = delete;
  ~Guest() { gone = true; }
  bool& gone;
};

}  // namespace

TEST_CASE("a task does nothing before it is started, and nothing before the loop's turn")
{
  EventLoop loop;
  int sum = 0;
  Task task = add(sum, 5);
  REQUIRE(sum == 0);
  task.start_on(loop);
  REQUIRE(sum == 0);
  REQUIRE(!task.done());
  loop.run();
  REQUIRE(sum == 5);
  REQUIRE(task.done());
  REQUIRE_NOTHROW(task.result());
}

TEST_CASE("a task that is never started is destroyed with what it holds")
{
  int sum = 0;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watcher = held;
  {
    const auto hold = [](std::shared_ptr<int>) -> Task { co_return; };
    Task task = hold(std::move(held));
    REQUIRE(!watcher.expired());
  }
  REQUIRE(watcher.expired());
  REQUIRE(sum == 0);
}

TEST_CASE("results come by reference, one task after the other")
{
  int sum = 0;
  Task task = add_both(sum);
  run(task);
  REQUIRE(sum == 11);
}

TEST_CASE("an exception of the outermost task is its result")
{
  Task task = fail("no oven");
  run(task);
  REQUIRE(task.done());
  REQUIRE_THROWS_AS(task.result(), std::runtime_error);
}

TEST_CASE("an exception crosses co_await, and can be caught there")
{
  std::string caught;
  bool gone = false;
  const auto inner = [&]() -> Task {
    const Guest guest(gone);
    co_await fail("through two");
  };
  const auto outer = [&]() -> Task {
    try {
      co_await inner();
    } catch (const std::runtime_error& error) {
      caught = error.what();
      REQUIRE(gone);
    }
    co_await fail("and out");
  };
  Task task = outer();
  run(task);
  REQUIRE(caught == "through two");
  REQUIRE_THROWS_AS(task.result(), std::runtime_error);
}

TEST_CASE("many awaits in a row, and many deep")
{
  int sum = 0;
  const auto row = [&]() -> Task {
    for (int i = 0; i < 2000; ++i) co_await add(sum, 1);
  };
  std::function<Task(int)> deep = [&](int depth) -> Task {
    if (depth > 0) co_await deep(depth - 1);
    ++sum;
  };
  Task both = [](Task first, Task second) -> Task {
    co_await first;
    co_await second;
  }(row(), deep(500));
  run(both);
  REQUIRE(sum == 2501);
}

TEST_CASE("a task moves, and its new owner has it")
{
  int sum = 0;
  Task first = add(sum, 3);
  Task second = std::move(first);
  run(second);
  REQUIRE(sum == 3);
}

TEST_CASE("a task waits until its descriptor is ready")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  std::string order;
  const auto reader = [&]() -> Task {
    order += "wait ";
    co_await ready_for(loop, pipe.read_end.get(), Ready::kRead);
    order += "read ";
    co_await ready_for(loop, pipe.read_end.get(), Ready::kRead);  // level-triggered: at once
    order += "again";
  };
  const auto writer = [&]() -> Task {
    order += "write ";
    co_await ready_for(loop, pipe.write_end.get(), Ready::kWrite);
    write_all(pipe.write_end, "x");
  };
  Task first = reader();
  Task second = writer();
  first.start_on(loop);
  second.start_on(loop);
  loop.run();
  REQUIRE(order == "wait write read again");
}

TEST_CASE("a descriptor that can't be waited for is an exception of the task")
{
  EventLoop loop;
  const auto wait = [&]() -> Task { co_await ready_for(loop, -1, Ready::kRead); };
  Task task = wait();
  task.start_on(loop);
  loop.run();
  REQUIRE(task.done());
  REQUIRE_THROWS_AS(task.result(), SyscallError);
}

TEST_CASE("a task that is destroyed while it waits closes its descriptor, and the loop forgets it")
{
  EventLoop loop;
  bool gone = false;
  int number = -1;
  const auto outer = [&](Pipe pipe) -> Task {
    const Guest guest(gone);
    const auto inner = [&]() -> Task {
      number = pipe.read_end.get();
      co_await ready_for(loop, number, Ready::kRead);
    };
    co_await inner();
  };
  {
    Task task = outer(make_pipe());
    task.start_on(loop);
    loop.call_at(Clock::now() + 1ms, [&] { loop.stop(); });
    loop.run();
    REQUIRE(!task.done());
    REQUIRE(is_open(number));
    REQUIRE(!gone);
  }
  REQUIRE(gone);
  REQUIRE(!is_open(number));
  loop.run();  // nothing is left to wait for
}

TEST_CASE("a task that is destroyed while it sleeps is not woken")
{
  EventLoop loop;
  bool gone = false;
  bool woken = false;
  const auto sleep = [&]() -> Task {
    const Guest guest(gone);
    co_await sleep_until(loop, Clock::now() + 3ms);
    woken = true;
  };
  {
    Task task = sleep();
    task.start_on(loop);
    loop.call_at(Clock::now(), [&] { loop.stop(); });
    loop.run();
    REQUIRE(!task.done());
  }
  REQUIRE(gone);
  loop.run();
  REQUIRE(!woken);
}

TEST_CASE("a task may destroy another one that waits")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  bool gone = false;
  const auto victim = [&]() -> Task {
    const Guest guest(gone);
    co_await ready_for(loop, pipe.read_end.get(), Ready::kRead);
  };
  auto first = std::make_unique<Task>(victim());
  const auto killer = [&]() -> Task {
    co_await sleep_until(loop, Clock::now() + 1ms);
    first.reset();
  };
  Task second = killer();
  first->start_on(loop);
  second.start_on(loop);
  loop.run();
  REQUIRE(gone);
  REQUIRE(second.done());
}

TEST_CASE("a sleep is never early, and sleepers wake in order")
{
  EventLoop loop;
  std::string order;
  bool early = false;
  const auto start = Clock::now();
  const auto sleeper = [&](char name, Clock::time_point when) -> Task {
    co_await sleep_until(loop, when);
    early = early || Clock::now() < when;
    order += name;
  };
  std::vector<Task> tasks;
  tasks.push_back(sleeper('c', start + 9ms));
  tasks.push_back(sleeper('a', start - 1h));
  tasks.push_back(sleeper('b', start + 4ms));
  for (Task& task : tasks) task.start_on(loop);
  loop.run();
  REQUIRE(order == "abc");
  REQUIRE(!early);
}

TEST_CASE("computing goes on in the pool, and the task comes back to the loop")
{
  EventLoop loop;
  ThreadPool pool(2);
  std::thread::id computed_on;
  std::thread::id resumed_on;
  int value = 0;
  const auto body = [&]() -> Task {
    co_await in_pool(loop, pool, [&] {
      computed_on = std::this_thread::get_id();
      value = 42;
    });
    resumed_on = std::this_thread::get_id();
  };
  Task task = body();
  task.start_on(loop);
  loop.run();
  REQUIRE(value == 42);
  REQUIRE(resumed_on == std::this_thread::get_id());
  REQUIRE(computed_on != resumed_on);
}

TEST_CASE("what is thrown in the pool is thrown to who awaits it")
{
  EventLoop loop;
  ThreadPool pool(1);
  std::string caught;
  const auto body = [&]() -> Task {
    try {
      co_await in_pool(loop, pool, [] { throw std::runtime_error("in the pool"); });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_await in_pool(loop, pool, [] { throw 42; });
  };
  Task task = body();
  task.start_on(loop);
  loop.run();
  REQUIRE(caught == "in the pool");
  REQUIRE_THROWS_AS(task.result(), int);
}

TEST_CASE("many tasks share a pool, again and again")
{
  EventLoop loop;
  ThreadPool pool(3);
  std::atomic<int> computed{0};
  int resumed = 0;
  const auto body = [&]() -> Task {
    for (int i = 0; i < 20; ++i) {
      co_await in_pool(loop, pool, [&] { ++computed; });
      ++resumed;
    }
  };
  std::vector<Task> tasks;
  for (int i = 0; i < 50; ++i) tasks.push_back(body());
  for (Task& task : tasks) task.start_on(loop);
  loop.run();
  REQUIRE(computed == 1000);
  REQUIRE(resumed == 1000);
  for (const Task& task : tasks) REQUIRE(task.done());
}

TEST_CASE("a task may be destroyed once its pool has ended, though it still waited for it")
{
  EventLoop loop;
  std::atomic<bool> computed{false};
  std::optional<ThreadPool> pool(1);
  const auto body = [&]() -> Task {
    co_await in_pool(loop, *pool, [&] {
      std::this_thread::sleep_for(5ms);
      computed = true;
    });
  };
  Task task = body();
  task.start_on(loop);
  loop.call_at(Clock::now(), [&] { loop.stop(); });
  loop.run();
  pool.reset();
  REQUIRE(computed);
}
