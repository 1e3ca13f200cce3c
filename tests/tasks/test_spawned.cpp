#include "tasks/spawned.hpp"

#include <vector>

#include "coroutine_case.hpp"
#include "os/pipe.hpp"
#include "tasks/cancelled.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// Collects what the loop reports of tasks that nobody awaited.
struct Reports {
  explicit Reports(EventLoop& loop)
  {
    loop.set_exception_handler(
        [this](std::exception_ptr, std::string_view task) { names.emplace_back(task); });
  }
  std::vector<std::string> names;
};

}  // namespace

TEST_CASE("spawned tasks go on side by side, and are awaited for their results")
{
  EventLoop loop;
  const auto body = [&]() -> Task<int> {
    auto slow = loop.spawn(later(3ms, 1));
    auto quick = loop.spawn(later(1ms, 10));
    co_return co_await slow + co_await quick;
  };
  CHECK(loop.run_until_complete(body()) == 11);
}

TEST_CASE("a handle that is dropped lets its task go on")
{
  EventLoop loop;
  bool ended = false;
  const auto body = [&]() -> Task<> {
    co_await sleep_for(1ms);
    ended = true;
  };
  {
    const auto dropped = loop.spawn(body());
  }
  loop.run();
  CHECK(ended);
}

TEST_CASE("an exception that nobody awaits is reported, with the task's name, and not lost")
{
  EventLoop loop;
  const Reports reports(loop);
  SECTION("of a task without a handle")
  {
    loop.spawn(fail("no oven"), "baker");
    loop.run();
  }
  SECTION("of one whose handle nobody asks")
  {
    {
      const auto handle = loop.spawn(fail("no oven"), "baker");
      loop.run();
      CHECK(reports.names.empty());
    }
  }
  CHECK(reports.names == std::vector<std::string>{"baker"});
}

TEST_CASE("an exception that was awaited is reported to nobody else")
{
  EventLoop loop;
  const Reports reports(loop);
  const auto body = [&]() -> Task<> {
    auto failing = loop.spawn(fail("no oven"));
    co_await failing;
  };
  CHECK_THROWS_AS(loop.run_until_complete(body()), std::runtime_error);
  CHECK(reports.names.empty());
}

TEST_CASE("a handler that throws harms nobody")
{
  EventLoop loop;
  loop.set_exception_handler([](std::exception_ptr, std::string_view) { throw 1; });
  loop.spawn(fail("no oven"));
  loop.run();
  SUCCEED();
}

TEST_CASE("cancelling throws where the task waits: it unwinds, and closes what it holds")
{
  EventLoop loop;
  bool gone = false;
  int number = -1;
  const auto inner = [&](int fd) -> Task<> { co_await ready_for(fd, Ready::kRead); };
  const auto body = [&]() -> Task<> {
    const Guest guest(gone);
    const Pipe pipe = make_pipe();
    number = pipe.read_end.get();
    co_await inner(number);
  };
  auto task = loop.spawn(body());
  run_for_a_moment(loop);
  task.cancel();
  CHECK(!gone);  // it unwinds on the loop, in its turn
  loop.run();
  CHECK(gone);
  CHECK(!is_open(number));
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("cancellation isn't stopped by who catches ordinary exceptions, and cleaning up may wait")
{
  EventLoop loop;
  std::string order;
  const auto body = [&]() -> Task<> {
    bool cancelled = false;
    try {
      co_await sleep_for(1h);
    } catch (const std::exception&) {
      order += "never";
    } catch (const Cancelled&) {
      order += "cancelled ";
      cancelled = true;
    }
    co_await sleep_for(1ms);
    order += "cleaned";
    if (cancelled) throw Cancelled{};
  };
  auto task = loop.spawn(body());
  run_for_a_moment(loop);
  task.cancel();
  loop.run();
  CHECK(order == "cancelled cleaned");
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("a task that has not begun never does, once it is cancelled")
{
  EventLoop loop;
  bool begun = false;
  const auto body = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  auto task = loop.spawn(body());
  task.cancel();
  loop.run();
  CHECK(!begun);
  CHECK(task.done());
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("cancelling what is done, or twice, changes nothing")
{
  EventLoop loop;
  auto task = loop.spawn(later(0s, 5));
  loop.run();
  task.cancel();
  loop.run();
  CHECK(task.result() == 5);

  auto twice = loop.spawn(later(1h, 5));
  run_for_a_moment(loop);
  twice.cancel();
  twice.cancel();
  loop.run();
  CHECK_THROWS_AS(twice.result(), Cancelled);
}

TEST_CASE(
    "a task that is cancelled while it is ready keeps what it got, and stops at its next wait")
{
  EventLoop loop;
  std::string order;
  const auto child = [&]() -> Task<> {
    co_await sleep_for(0s);
    order += "got ";
  };
  const auto body = [&]() -> Task<> {
    co_await child();
    order += "goes on ";
    co_await sleep_for(0s);
    order += "never";
  };
  auto task = loop.spawn(body());
  loop.call_soon([&] { task.cancel(); });
  loop.run();
  CHECK(order == "got goes on ");
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("a task may cancel itself: at its next wait")
{
  EventLoop loop;
  Spawned<>* me = nullptr;
  bool went_on = false;
  const auto body = [&]() -> Task<> {
    me->cancel();
    went_on = true;
    co_await sleep_for(0s);
    FAIL("it was not cancelled");
  };
  auto task = loop.spawn(body());
  me = &task;
  loop.run();
  CHECK(went_on);
  CHECK_THROWS_AS(task.result(), Cancelled);
}

TEST_CASE("cancelling who awaits a task cancels the task")
{
  EventLoop loop;
  bool gone = false;
  const auto inner = [&]() -> Task<> {
    const Guest guest(gone);
    co_await sleep_for(1h);
  };
  const auto outer = [&]() -> Task<> {
    auto task = loop.spawn(inner());
    co_await task;
  };
  auto task = loop.spawn(outer());
  run_for_a_moment(loop);
  task.cancel();
  loop.run();
  CHECK(gone);
  CHECK_THROWS_AS(task.result(), Cancelled);
  CHECK(loop.tasks().empty());
}

TEST_CASE("a task that runs, or is awaited, can't be destroyed, and two can't wait for one")
{
  EventLoop loop;
  Spawned<>* me = nullptr;
  const auto suicide = [&]() -> Task<> {
    me->destroy();
    co_return;
  };
  auto task = loop.spawn(suicide());
  me = &task;
  loop.run();
  CHECK_THROWS_AS(task.result(), std::logic_error);

  auto slow = loop.spawn(later(2ms, 1));
  const auto join = [&]() -> Task<int> { co_return co_await slow; };
  auto first = loop.spawn(join());
  auto second = loop.spawn(join());
  loop.run();
  CHECK(first.result() == 1);
  CHECK_THROWS_AS(second.result(), std::logic_error);

  auto awaited = loop.spawn(later(1ms, 1));
  const auto await = [&]() -> Task<int> { co_return co_await awaited; };
  auto awaits = loop.spawn(await());
  run_for_a_turn(loop);
  CHECK_THROWS_AS(awaited.destroy(), std::logic_error);
  loop.run();
  CHECK(awaits.result() == 1);
}

TEST_CASE("a result that isn't there yet is an error")
{
  EventLoop loop;
  auto task = loop.spawn(later(0s, 1));
  CHECK_THROWS_AS(task.result(), std::logic_error);
}
