#include "tasks/joiner.hpp"

#include <stdexcept>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

struct Told final : Joiner {
  void finished(TaskFrame& task) override { last = &task, ++times; }
  TaskFrame* last = nullptr;
  int times = 0;
};

Task<> wait_a_turn() { co_await next_turn(); }

}  // namespace

TEST_CASE("a joiner is told once, when the task has ended, also where it has failed")
{
  EventLoop loop;
  Told told;
  auto good = loop.spawn(wait_a_turn());
  good.set_joiner(&told);
  loop.run();
  CHECK(told.times == 1);
  CHECK(told.last == &good.frame());

  auto bad = loop.spawn(fail("on purpose"));
  bad.set_joiner(&told);
  loop.run();
  CHECK(told.times == 2);
  CHECK_THROWS_AS(bad.result(), std::runtime_error);
}

TEST_CASE("a task has one joiner at a time, and none where it is taken back")
{
  EventLoop loop;
  Told first;
  Told second;
  auto task = loop.spawn(wait_a_turn());
  task.set_joiner(&first);
  CHECK_THROWS_AS(task.set_joiner(&second), std::logic_error);
  task.set_joiner(nullptr);
  task.set_joiner(&second);
  loop.run();
  CHECK(first.times == 0);
  CHECK(second.times == 1);
}
