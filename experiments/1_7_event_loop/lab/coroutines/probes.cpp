// What the tests do with tasks, and what they see of it. They judge nothing.
#include <pthread.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "probe.hpp"

using namespace std::chrono_literals;

namespace {

std::chrono::milliseconds ms(std::int64_t count) { return std::chrono::milliseconds(count); }

/// Counts how many of it live. One in a coroutine's frame lives as long as the frame.
class Counted {
 public:
  Counted() { ++alive; }
  Counted(const Counted&) { ++alive; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --alive; }
  static inline std::int64_t alive = 0;
};

/// Says so when it goes.
class Witness {
 public:
  explicit Witness(std::string name) : name_(std::move(name)) {}
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness() { observe("destroyed", name_); }

 private:
  std::string name_;
};

template <class Function>
void observe_exception(const char* name, Function function)
{
  try {
    function();
    observe(name, "nothing");
  } catch (const std::exception& error) {
    observe(name, error.what());
  }
}

Task<std::int64_t> giving(std::int64_t number, Counted = {})
{
  observe("began", number);
  co_return number;
}

Task<std::string> words(std::string text) { co_return text + ", indeed"; }

Task<std::unique_ptr<std::int64_t>> owned(std::int64_t number)
{
  co_return std::make_unique<std::int64_t>(number);
}

Task<> nothing() { co_return; }

Task<> steps_of(std::int64_t number, std::int64_t steps)
{
  for (std::int64_t step = 0; step < steps; ++step) {
    observe("step", number);
    co_await sleep_for(0ms);
  }
}

Task<std::int64_t> sleeping(std::int64_t delay_ms, std::int64_t result, Counted = {})
{
  co_await sleep_for(ms(delay_ms));
  observe("woke", result);
  co_return result;
}

Task<std::int64_t> failing(std::int64_t delay_ms, std::string what, Counted = {})
{
  co_await sleep_for(ms(delay_ms));
  throw std::runtime_error(what);
}

/// Calls `function` with a stack of 256 KiB: what takes some of it for each level, comes to its
/// end.
template <class Function>
void on_a_small_stack(Function function)
{
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, 256 * 1024);
  pthread_t thread{};
  const auto call = [](void* what) -> void* {
    try {
      (*static_cast<Function*>(what))();
    } catch (const std::exception& error) {
      observe("threw", error.what());
    }
    return nullptr;
  };
  if (::pthread_create(&thread, &attributes, call, &function) != 0)
    throw std::runtime_error("pthread_create");
  ::pthread_join(thread, nullptr);
  ::pthread_attr_destroy(&attributes);
}

/// Sleeps for an hour, with a witness on each of three levels.
Task<> long_sleep(std::string name, int level = 3)
{
  const Witness witness(name + std::to_string(level));
  if (level > 1) co_await long_sleep(name, level - 1);
  else co_await sleep_for(1h);
  observe("went_on", name);
}

}  // namespace

PROBE(begins)
{
  Loop loop;
  Scheduler scheduler(loop);
  const std::int64_t number = request.numbers.at(0);
  {
    const Task<std::int64_t> never = giving(-1);
  }
  observe("frames_left", Counted::alive);
  Task<std::int64_t> task = giving(number);
  observe("made", true);
  observe("result", scheduler.run(std::move(task)));
  observe("words", scheduler.run(words("yes")));
  observe("owned", *scheduler.run(owned(number)));
  scheduler.run(nothing());
  observe("nothing", true);
}

namespace {

Task<std::int64_t> sum_of(const std::vector<std::int64_t>& numbers, std::size_t from = 0)
{
  if (from == numbers.size()) co_return 0;
  observe("down", numbers[from]);
  const std::int64_t rest = co_await sum_of(numbers, from + 1);
  observe("up", numbers[from]);
  co_return numbers[from] + rest;
}

}  // namespace

PROBE(nested)
{
  Loop loop;
  Scheduler scheduler(loop);
  observe("sum", scheduler.run(sum_of(request.numbers)));
}

namespace {

Task<std::int64_t> thrower(std::int64_t level)
{
  const Witness witness("level " + std::to_string(level));
  if (level == 0) throw std::runtime_error("from level 0");
  co_return co_await thrower(level - 1);
}

Task<std::string> catcher(std::int64_t levels)
{
  std::string caught = "nothing";
  try {
    co_await thrower(levels);
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  co_await sleep_for(1ms);
  co_return caught;
}

}  // namespace

PROBE(exceptions)
{
  Loop loop;
  Scheduler scheduler(loop);
  observe("caught", scheduler.run(catcher(request.numbers.at(0))));
  observe_exception("run_threw", [&] { scheduler.run(thrower(0)); });
  observe_exception("run_threw", [&] { scheduler.run(failing(1, "after a wait")); });
}

PROBE(turns)
{
  Loop loop;
  Scheduler scheduler(loop);
  for (const auto number : request.numbers) scheduler.spawn(steps_of(number, 3));
  observe("unfinished", scheduler.unfinished());
  loop.run();
  observe("unfinished", scheduler.unfinished());
}

PROBE(sleepers)
{
  Loop loop;
  Scheduler scheduler(loop);
  std::vector<Spawned<std::int64_t>> spawned;
  for (const auto delay_ms : request.numbers)
    spawned.push_back(scheduler.spawn(sleeping(delay_ms, delay_ms)));
  observe("spawned", spawned.size());
  loop.run();
  for (const auto& each : spawned) observe("done", each.done());
  for (const auto& each : spawned) observe("result", each.result());
}

namespace {

Task<> gathering(std::vector<std::int64_t> delays)
{
  std::vector<Task<std::int64_t>> tasks;
  for (const auto delay_ms : delays) tasks.push_back(sleeping(delay_ms, delay_ms));
  for (const auto result : co_await gather(std::move(tasks))) observe("result", result);
}

}  // namespace

PROBE(gathered)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.run(gathering(request.numbers));
  observe("returned", true);
}

namespace {

Task<> in_and_out_of_time(std::int64_t number)
{
  observe("in_time", co_await with_timeout(10s, sleeping(1, number)));
  try {
    co_await with_timeout(5ms, long_sleep("late"));
    observe("late", "went on");
  } catch (const TimedOut& error) {
    observe("late", error.what());
  }
  try {
    co_await with_timeout(10s, failing(1, "its own exception"));
  } catch (const std::exception& error) {
    observe("failing", error.what());
  }
}

}  // namespace

PROBE(timeouts)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.run(in_and_out_of_time(request.numbers.at(0)));
  observe("unfinished", scheduler.unfinished());
}

PROBE(cancelled)
{
  Loop loop;
  Scheduler scheduler(loop);
  const Spawned<> spawned = scheduler.spawn(long_sleep("sleeper "));
  loop.call_later(ms(request.numbers.at(0)), [&] {
    observe("timers", loop.timers());
    observe("cancel", spawned.cancel());
    observe("destroyed", "(cancel() returned)");
    observe("timers", loop.timers());
  });
  loop.run();
  observe("done", spawned.done());
  observe_exception("result", [&] { spawned.result(); });
  observe("cancel", spawned.cancel());
}

namespace {

Task<std::int64_t> deep(std::int64_t levels, bool fails = false)
{
  if (levels > 0) co_return co_await deep(levels - 1, fails) + 1;
  co_await sleep_for(1ms);
  if (fails) throw std::runtime_error("from the depth");
  co_return 0;
}

}  // namespace

PROBE(deep_chain)
{
  on_a_small_stack([&] {
    Loop loop;
    Scheduler scheduler(loop);
    observe("levels", scheduler.run(deep(request.numbers.at(0))));
  });
}

PROBE(unobserved)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.set_unobserved_handler([](const std::exception_ptr& exception) {
    observe_exception("reported", [&] { std::rethrow_exception(exception); });
  });
  scheduler.spawn(failing(1, "dropped at once"));
  observe_exception("taken", [&] { scheduler.run(failing(2, "taken")); });
  {
    [[maybe_unused]] const auto kept = scheduler.spawn(failing(1, "kept, then dropped"));
    [[maybe_unused]] const auto fine = scheduler.spawn(sleeping(1, 1));
    const auto asked_for = scheduler.spawn(long_sleep("cancelled "));
    loop.call_later(1ms, [&] { asked_for.cancel(); });
    loop.run();
    observe("reported", "(still kept)");
  }
  observe("over", true);
}

namespace {

Task<> awaiting(Spawned<> other, Counted = {})
{
  const Counted here;
  co_await other;
}

Task<> holding(Task<> task, Counted = {})
{
  const Counted here;
  co_await task;
}

Task<> far_away(Counted = {})
{
  const Counted here;
  co_await sleep_for(1h);
}

Task<> gather_far_away(Counted = {})
{
  std::vector<Task<>> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(holding(far_away()));
  co_await gather(std::move(tasks));
}

struct Over {};

void run_until_over(Loop& loop)
{
  try {
    loop.run();
  } catch (const Over&) {
  }
}

}  // namespace

PROBE(destroyed)
{
  Loop loop;
  std::optional<Scheduler> scheduler(loop);
  {
    const auto far = scheduler->spawn(holding(far_away()));
    scheduler->spawn(awaiting(far));
    scheduler->spawn(gather_far_away());
    scheduler->spawn(with_timeout(2h, far_away()));
  }
  loop.call_later(ms(request.numbers.at(0)), [&] {
    scheduler->spawn(far_away());  // has not begun when all goes
    observe("unfinished", scheduler->unfinished());
    observe("alive", Counted::alive > 10);
    observe("timers", loop.timers());
    scheduler.reset();
    observe("alive", Counted::alive);
    observe("timers", loop.timers());
    loop.call_later(1ms, [] { throw Over(); });
  });
  run_until_over(loop);
}

namespace {

Task<> a_bit_of_everything(std::int64_t number, Counted = {})
{
  const Counted here;
  co_await with_timeout(1s, sleeping(0, number));
  std::vector<Task<std::int64_t>> tasks;
  for (std::int64_t i = 0; i < 3; ++i) tasks.push_back(sleeping(i % 2, number));
  co_await gather(std::move(tasks));
  try {
    co_await failing(0, "caught");
  } catch (const std::runtime_error&) {
    observe("caught", number);
  }
}

}  // namespace

PROBE(frames)
{
  Loop loop;
  Scheduler scheduler(loop);
  std::vector<Spawned<>> kept;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i)
    kept.push_back(scheduler.spawn(a_bit_of_everything(i)));
  loop.run();
  observe("frames_left", Counted::alive);
  observe("unfinished", scheduler.unfinished());
}

namespace {

Task<std::int64_t> leaf(std::int64_t number) { co_return number; }

Task<std::int64_t> many_leaves(std::int64_t count)
{
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += co_await leaf(i & 7);
  co_return sum;
}

Task<std::int64_t> many_spawned(Scheduler& scheduler, std::int64_t count)
{
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < count; i += 10) {
    std::vector<Spawned<std::int64_t>> spawned;
    for (std::int64_t j = 0; j < 10; ++j) spawned.push_back(scheduler.spawn(leaf(j)));
    for (const auto& each : spawned) sum += co_await each;
  }
  co_return sum;
}

}  // namespace

PROBE(awaits)
{
  Loop loop;
  Scheduler scheduler(loop);
  observe("sum", scheduler.run(many_leaves(request.numbers.at(0))));
}

PROBE(spawns)
{
  Loop loop;
  Scheduler scheduler(loop);
  observe("sum", scheduler.run(many_spawned(scheduler, request.numbers.at(0))));
}

// BEGIN HIDDEN TESTS
namespace {

Task<> awaits_spawned(Scheduler& scheduler, std::int64_t number)
{
  const auto early = scheduler.spawn(sleeping(1, number));
  co_await sleep_for(10ms);
  observe("early_done", early.done());
  observe("result", co_await early);
  const auto late = scheduler.spawn(sleeping(5, number + 1));
  observe("late_done", late.done());
  observe("result", co_await late);
  const auto bad = scheduler.spawn(failing(1, "from a spawned task"));
  try {
    co_await bad;
  } catch (const std::exception& error) {
    observe("caught", error.what());
  }
}

Task<> awaits_the_same(Spawned<> other, std::int64_t number)
{
  co_await other;
  observe("woken", number);
}

}  // namespace

PROBE(await_spawned)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.run(awaits_spawned(scheduler, request.numbers.at(0)));
  const auto one = scheduler.spawn(steps_of(0, 2));
  for (std::int64_t number = 0; number < 3; ++number) scheduler.spawn(awaits_the_same(one, number));
  loop.run();
  observe("unfinished", scheduler.unfinished());
}

namespace {

Task<std::vector<std::int64_t>> gather_of(std::vector<std::int64_t> numbers)
{
  std::vector<Task<std::int64_t>> tasks;
  for (const auto number : numbers) tasks.push_back(giving(number));
  co_return co_await gather(std::move(tasks));
}

Task<> gathers(std::vector<std::int64_t> numbers)
{
  std::vector<std::int64_t> some;
  observe("of_none", (co_await gather_of(some)).size());
  some.push_back(numbers.at(0));
  for (const auto result : co_await gather_of(some)) observe("of_one", result);
  std::vector<Task<std::vector<std::int64_t>>> nested;
  nested.push_back(gather_of(numbers));
  nested.push_back(gather_of(numbers));
  for (const auto& results : co_await gather(std::move(nested)))
    for (const auto result : results) observe("nested", result);
  std::vector<Task<>> without;
  for (const auto number : numbers) without.push_back(steps_of(number, 2));
  co_await gather(std::move(without));
  observe("without_results", true);
}

}  // namespace

PROBE(odd_gathers)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.run(gathers(request.numbers));
}

PROBE(many_awaits)
{
  on_a_small_stack([&] {
    Loop loop;
    Scheduler scheduler(loop);
    observe("sum", scheduler.run(many_leaves(request.numbers.at(0))));
  });
}

PROBE(deep_exception)
{
  on_a_small_stack([&] {
    Loop loop;
    Scheduler scheduler(loop);
    observe_exception("came_up", [&] { scheduler.run(deep(request.numbers.at(0), true)); });
  });
}

namespace {

/// Takes a moment to clean up when it is cancelled.
Task<std::int64_t> tidy(std::string name)
{
  const Witness witness(name);
  bool cancelled = false;
  try {
    co_await sleep_for(1h);
  } catch (const Cancelled&) {
    cancelled = true;
  }
  co_await sleep_for(5ms);
  observe("tidied", name);
  if (cancelled) throw Cancelled();
  co_return 0;
}

Task<> gather_that_fails(std::int64_t failing_place)
{
  std::vector<Task<std::int64_t>> tasks;
  for (std::int64_t place = 0; place < 3; ++place) {
    if (place == failing_place) tasks.push_back(failing(3, "the first to fail"));
    tasks.push_back(tidy("task " + std::to_string(place)));
  }
  tasks.push_back(failing(3'600'000, "never"));
  try {
    co_await gather(std::move(tasks));
    observe("gather", "went on");
  } catch (const std::exception& error) {
    observe("gather", error.what());
  }
}

}  // namespace

PROBE(failing_gather)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.set_unobserved_handler([](const std::exception_ptr& exception) {
    observe_exception("reported", [&] { std::rethrow_exception(exception); });
  });
  scheduler.run(gather_that_fails(request.numbers.at(0)));
  observe("unfinished", scheduler.unfinished());
  observe("timers", loop.timers());
}

namespace {

Task<> gather_of_tidy()
{
  std::vector<Task<std::int64_t>> tasks;
  tasks.push_back(tidy("first"));
  tasks.push_back(tidy("second"));
  co_await gather(std::move(tasks));
}

template <class Result>
Task<> observed(std::string name, Task<Result> task)
{
  try {
    co_await task;
    observe("ended", name + ": went on");
  } catch (const std::exception& error) {
    observe("ended", name + ": " + error.what());
  }
}

Task<> await_only(Spawned<std::int64_t> other) { co_await other; }

}  // namespace

PROBE(cancelled_from_outside)
{
  Loop loop;
  Scheduler scheduler(loop);
  std::vector<Spawned<>> all;
  all.push_back(scheduler.spawn(observed("gather", gather_of_tidy())));
  all.push_back(scheduler.spawn(observed("with_timeout", with_timeout(2h, tidy("third")))));
  const auto bystander = scheduler.spawn(sleeping(20, 7));
  all.push_back(scheduler.spawn(observed("awaits another", await_only(bystander))));
  loop.call_later(3ms, [&] {
    for (const auto& each : all) each.cancel();
  });
  loop.run();
  observe("bystander", bystander.result());
  observe("unfinished", scheduler.unfinished());
  observe("timers", loop.timers());
}

namespace {

Task<std::int64_t> stubborn(Counted = {})
{
  int cancellations = 0;
  for (int i = 0; i < 3; ++i) {
    try {
      co_await sleep_for(4ms);
    } catch (const Cancelled&) {
      ++cancellations;
    }
  }
  co_return cancellations;
}

Task<> cancels_itself(const std::optional<Spawned<>>& itself)
{
  observe("itself", itself->cancel());
  observe("itself", "runs on to its next wait");
  co_await sleep_for(0ms);
  observe("itself", "went on");
}

Task<> ends_at_once() { co_return; }

}  // namespace

PROBE(odd_cancels)
{
  Loop loop;
  Scheduler scheduler(loop);
  const auto unbegun = scheduler.spawn(giving(1));
  observe("unbegun", unbegun.cancel());
  const auto twice = scheduler.spawn(stubborn());
  loop.call_later(1ms, [&] {
    twice.cancel();
    observe("twice", twice.cancel());
  });
  std::optional<Spawned<>> itself;
  itself = scheduler.spawn(cancels_itself(itself));
  const auto over = scheduler.spawn(ends_at_once());
  loop.run();
  observe("began_and_frames_left", Counted::alive);
  observe_exception("unbegun_result", [&] { unbegun.result(); });
  observe("cancellations", twice.result());
  observe_exception("itself_result", [&] { itself->result(); });
  observe("over", over.cancel());
  observe_exception("over_result", [&] { over.result(); });
}

namespace {

Task<> timeouts_that_leave_nothing(Scheduler& scheduler)
{
  observe("result", co_await with_timeout(1h, sleeping(1, 5)));
  observe("timers", scheduler.loop().timers());
  observe("result", co_await with_timeout(3ms, stubborn()));
  try {
    co_await with_timeout(3ms, with_timeout(1h, tidy("inner")));
  } catch (const std::exception& error) {
    observe("caught", error.what());
  }
  try {
    co_await with_timeout(1h, with_timeout(3ms, tidy("inner")));
  } catch (const std::exception& error) {
    observe("caught", error.what());
  }
  observe("timers", scheduler.loop().timers());
}

}  // namespace

PROBE(odd_timeouts)
{
  Loop loop;
  Scheduler scheduler(loop);
  scheduler.run(timeouts_that_leave_nothing(scheduler));
  observe("unfinished", scheduler.unfinished());
}

PROBE(waits_for_ever)
{
  Loop loop;
  {
    Scheduler scheduler(loop);
    std::optional<Spawned<>> second;
    const auto waits = [](std::optional<Spawned<>>& other, Counted) -> Task<> {
      observe("began", true);
      co_await *other;
    };
    const auto first = scheduler.spawn(waits(second, {}));
    second = scheduler.spawn(awaiting(first));
    observe_exception("run_threw", [&] { scheduler.run(awaiting(first)); });
    observe("unfinished", scheduler.unfinished());
    observe("result_before_the_end", [&] {
      try {
        first.result();
        return "a result";
      } catch (const std::logic_error&) {
        return "std::logic_error";
      }
    }());
  }
  observe("frames_left", Counted::alive);
}
// END HIDDEN TESTS
