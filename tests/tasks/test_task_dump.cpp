#include "tasks/task_dump.hpp"

#include <vector>

#include "coroutine_case.hpp"
#include "os/pipe.hpp"
#include "printed.hpp"
#include "tasks/loop_observer.hpp"
#include "tasks/task_list.hpp"
#include "tasks/waiting.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Task<> sleep_deep(int depth)
{
  if (depth > 0) co_await sleep_deep(depth - 1);
  else co_await sleep_for(1h);
}

Task<> wait_for_bytes(int fd) { co_await ready_for(fd, Ready::kRead); }

bool includes(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos;
}

/// A wait that nothing ends.
struct Never final : Waiting {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    return caller.promise().waits_for(*this);
  }
  void await_resume() const noexcept {}
  void cancel(TaskFrame&) override {}
  [[nodiscard]] std::string describe() const override { return "waits for Godot"; }
};

/// Writes down what it is told, without the times.
class Notes final : public LoopObserver {
 public:
  void created(const TaskFrame&, std::string_view name, Clock::time_point when) override
  {
    note("created " + std::string(name), when);
  }
  void ready(const TaskFrame&, Clock::time_point when) override { note("ready", when); }
  void resumed(const TaskFrame&, Clock::time_point when) override { note("resumed", when); }
  void waits(const TaskFrame&, std::string_view what, Clock::time_point when) override
  {
    note("waits: " + std::string(what), when);
  }
  void finished(const TaskFrame&, bool failed, Clock::time_point when) override
  {
    note(failed ? "failed" : "finished", when);
  }

  std::vector<std::string> lines;
  bool in_order = true;

 private:
  void note(std::string line, Clock::time_point when)
  {
    lines.push_back(std::move(line));
    in_order = in_order && last_ <= when;
    last_ = when;
  }
  Clock::time_point last_{};
};

}  // namespace

TEST_CASE("a dump shows each task by name, and the chain of coroutines down to what it waits for")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  loop.spawn(sleep_deep(2), "the sleeper");
  loop.spawn(wait_for_bytes(pipe.read_end.get()));
  const auto joins = [&]() -> Task<> {
    auto task = loop.spawn(sleep_deep(0));
    co_await task;
  };
  loop.spawn(joins());
  CHECK(includes(dump(loop), "is ready"));
  run_for_a_moment(loop);
  const std::string text = dump(loop);
  INFO(text);
  CHECK(includes(text, "task \"the sleeper\"\n"));
  const auto awaits = text.find("sleep_deep(int) (test_task_dump.cpp:");
  CHECK(includes(text.substr(awaits), "awaits\n"));
  CHECK(includes(text, "sleeps\n"));
  CHECK(includes(
      text, "waits until descriptor " + std::to_string(pipe.read_end.get()) + " can be read\n"));
  CHECK(includes(text, "awaits sleep_deep(int)\n"));
  CHECK(includes(text, "task \"wait_for_bytes(int)\"\n"));
}

TEST_CASE("a task that waits for what can't come is an error, and says what it waits for")
{
  EventLoop loop;
  const auto body = []() -> Task<> { co_await Never{}; };
  std::string message;
  try {
    loop.run_until_complete(body());
  } catch (const std::logic_error& error) {
    message = error.what();
  }
  CHECK(includes(message, "waits for Godot"));
}

TEST_CASE("an exception that nobody awaited is a line on stderr, with the task's name")
{
  const std::string text = printed_on(STDERR_FILENO, [] {
    EventLoop loop;
    loop.spawn(fail("no oven"), "the baker");
    const auto throws_a_number = []() -> Task<> {
      throw 42;
      co_return;
    };
    loop.spawn(throws_a_number(), "the counter");
    loop.run();
  });
  CHECK(includes(text, "task \"the baker\" failed, and nobody awaited it: no oven\n"));
  CHECK(includes(text, "task \"the counter\" failed, and nobody awaited it: "));
}

TEST_CASE("an observer is told of every step of a task, in order")
{
  EventLoop loop;
  Notes notes;
  loop.set_observer(&notes);
  const auto body = []() -> Task<> {
    co_await sleep_for(1ms);
    throw std::runtime_error("no oven");
  };
  auto task = loop.spawn(body(), "the baker");
  loop.run();
  CHECK(notes.lines == std::vector<std::string>{"created the baker", "resumed", "waits: sleeps",
                                                "ready", "resumed", "failed"});
  CHECK(notes.in_order);
  loop.set_observer(nullptr);
  loop.spawn(sleep_deep(0));
  run_for_a_moment(loop);
  CHECK(notes.lines.size() == 6);
  CHECK_THROWS_AS(task.result(), std::runtime_error);
}

TEST_CASE("the list of tasks: any may leave, and names go with them")
{
  EventLoop loop;
  std::vector<Spawned<>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(loop.spawn(sleep_deep(0), std::to_string(i)));
  for (const std::size_t i : {3, 9, 0, 5}) tasks[i].destroy();
  std::string names;
  for (TaskFrame* const task : loop.tasks().all()) names += loop.tasks().name_of(*task);
  std::sort(names.begin(), names.end());
  CHECK(names == "124678");

  auto named = loop.spawn(sleep_deep(0), "named");
  named.cancel();
  run_for_a_moment(loop);
  REQUIRE(named.done());
  const TaskFrame* const place = &named.frame();
  CHECK(loop.tasks().name_of(*place) == "named");
  named.destroy();
  auto next = loop.spawn(sleep_deep(0));
  if (&next.frame() == place) CHECK(loop.tasks().name_of(*place) != "named");
  CHECK(!loop.tasks().empty());
}
