// A task that is cancelled while it runs, when there is nothing to take it out of: what it does
// next is cancelled at once.
#include <functional>

#include "coroutine_case.hpp"
#include "tasks/cancelled.hpp"
#include "tasks/gather.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// How a wait ended that must not go to its end.
struct Wait {
  Task<int> run()
  {
    try {
      co_await sleep_for(5s);
      ended = true;
    } catch (const Cancelled&) {
      cancelled = true;
      throw;
    }
    co_return 1;
  }
  bool ended = false;
  bool cancelled = false;
};

/// Runs a task that is cancelled when it has begun, and then does `next`.
void run_cancelled(EventLoop& loop, const std::function<Task<>()>& next)
{
  Spawned<>* me = nullptr;
  const auto body = [&]() -> Task<> {
    me->cancel();
    co_await next();
  };
  auto task = loop.spawn(body());
  me = &task;
  loop.run();
  CHECK_THROWS_AS(task.result(), Cancelled);
  CHECK(loop.tasks().empty());
}

}  // namespace

TEST_CASE("a task that is cancelled while it runs: a coroutine that it awaits is")
{
  EventLoop loop;
  Wait wait;
  run_cancelled(loop, [&]() -> Task<> { co_await wait.run(); });
  CHECK(wait.cancelled);
  CHECK(!wait.ended);
}

TEST_CASE("a task that is cancelled while it runs: a task that it awaits is")
{
  EventLoop loop;
  Wait wait;
  auto other = loop.spawn(wait.run());
  SECTION("which waits") { run_for_a_turn(loop); }
  SECTION("which has not begun") {}
  run_cancelled(loop, [&]() -> Task<> { co_await other; });
  CHECK(!wait.ended);
}

TEST_CASE("a task that is cancelled while it runs: all that it gathers are")
{
  EventLoop loop;
  Wait waits[2];
  run_cancelled(loop, [&]() -> Task<> { co_await gather(waits[0].run(), waits[1].run()); });
  CHECK((!waits[0].ended && !waits[1].ended));
}

TEST_CASE("a task that is destroyed while it awaits another leaves that one to be awaited")
{
  EventLoop loop;
  auto other = loop.spawn(later(1ms, 5));
  const auto body = [&]() -> Task<int> { co_return co_await other; };
  auto first = loop.spawn(body());
  run_for_a_turn(loop);
  first.destroy();
  CHECK(loop.run_until_complete(body()) == 5);
}
