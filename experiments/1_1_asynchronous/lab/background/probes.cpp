// What each case makes the student's Background do, and what is seen meanwhile.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "background.hpp"
#include "probe.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLongEnough = 4s;  // to give up: nothing here takes a tenth of it

template <class Condition>
bool wait_until(Condition condition, Clock::duration at_most = kLongEnough)
{
  const auto give_up = Clock::now() + at_most;
  while (!condition()) {
    if (Clock::now() > give_up) return false;
    std::this_thread::sleep_for(200us);
  }
  return true;
}

bool readable(const Background& background, std::chrono::milliseconds at_most)
{
  if (background.descriptor() < 0) return false;
  pollfd one{background.descriptor(), POLLIN, 0};
  const auto give_up = Clock::now() + at_most;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - Clock::now());
    const int ready = ::poll(&one, 1, static_cast<int>(std::max(left, 0ms).count()));
    if (ready >= 0) return ready == 1 && (one.revents & POLLIN) != 0;
  }
}

/// A loop whose only descriptor is this one: until `done`, or until nothing comes any more.
template <class Done>
void loop_until(Background& background, Done done)
{
  const auto give_up = Clock::now() + kLongEnough;
  while (!done() && Clock::now() < give_up && readable(background, kLongEnough))
    background.deliver();
}

/// Whether that thread of this process sleeps, as the kernel sees it.
bool asleep(pid_t thread)
{
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] == 'S';
}

pid_t this_thread() { return static_cast<pid_t>(::syscall(SYS_gettid)); }

std::string words_of(const std::exception_ptr& error)
{
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& caught) {
    return caught.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

/// Opened once; who waits for it gives up after a while and says so.
class Gate {
 public:
  void open() { open_ = true; }
  bool pass() const
  {
    return wait_until([this] { return open_.load(); });
  }

 private:
  std::atomic<bool> open_{false};
};

}  // namespace

PROBE(goes_on)
{
  const std::int64_t value = request.numbers.at(0);
  Gate gate;
  Background background(1);
  bool told = false;
  background.start(
      [&] {
        observe("gate", gate.pass() ? "was opened by the starter" : "was never opened");
        return value;
      },
      [&](const Outcome& outcome) {
        observe("value", outcome.value);
        told = true;
      });
  observe("pending_while_it_runs", background.pending());
  observe("told_while_it_runs", background.deliver());
  gate.open();
  loop_until(background, [&] { return told; });
  observe("pending_at_the_end", background.pending());
}

PROBE(whose_thread)
{
  const auto me = std::this_thread::get_id();
  Background background(2);
  std::size_t told = 0;
  std::atomic<int> ended{0};
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i)
    background.start(
        [&, me] {
          observe("task", std::this_thread::get_id() == me ? "starter" : "another");
          ++ended;
          return std::int64_t{0};
        },
        [&, me](const Outcome&) {
          observe("on_done", std::this_thread::get_id() == me ? "starter" : "another");
          ++told;
        });
  wait_until([&] { return ended == request.numbers.at(0); }, 2s);
  observe("told_before_deliver", told);
  loop_until(background, [&] { return told == static_cast<std::size_t>(request.numbers.at(0)); });
}

PROBE(pollable)
{
  const std::int64_t rounds = request.numbers.at(0);
  Background background(2);
  for (std::int64_t round = 0; round < rounds; ++round) {
    Gate gate;
    int told = 0;
    const auto on_done = [&](const Outcome&) { ++told; };
    const auto wait_at_gate = [&] { return std::int64_t{gate.pass()}; };
    background.start(wait_at_gate, on_done);
    observe("while_it_runs", readable(background, 0ms));
    gate.open();
    observe("when_it_has_ended", readable(background, kLongEnough));
    observe("and_still", readable(background, 0ms));
    observe("told", background.deliver());
    observe("after_deliver", readable(background, 0ms));
    observe("told_again", background.deliver());
  }
}

PROBE(many)
{
  Background background(3);
  std::size_t told = 0;
  for (const std::int64_t number : request.numbers)
    background.start([number] { return number * number; },
                     [&, number](const Outcome& outcome) {
                       ++told;
                       if (!outcome.error && outcome.value == number * number)
                         observe("right", number);
                       else observe("wrong", number);
                     });
  loop_until(background, [&] { return told == request.numbers.size(); });
  observe("pending", background.pending());
}

PROBE(exceptions)
{
  Background background(2);
  std::size_t told = 0;
  const auto on_done = [&](const Outcome& outcome) {
    observe("outcome", outcome.error ? words_of(outcome.error) : std::to_string(outcome.value));
    ++told;
  };
  const auto tell_next = [&](std::size_t expected) {
    loop_until(background, [&] { return told == expected; });
  };
  background.start([&]() -> std::int64_t { throw std::runtime_error(request.word); }, on_done);
  tell_next(1);
  background.start([]() -> std::int64_t { throw 42; }, on_done);
  tell_next(2);
  background.start([&] { return request.numbers.at(0); }, on_done);
  tell_next(3);
}

PROBE(at_once)
{
  const std::int64_t workers = request.numbers.at(0);
  Background background(static_cast<int>(workers));
  std::atomic<std::int64_t> inside{0};
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < workers; ++i)
    background.start(
        [&] {
          ++inside;
          return std::int64_t{wait_until([&] { return inside == workers; })};
        },
        [&](const Outcome& outcome) {
          observe("met_all_the_others", outcome.value);
          ++told;
        });
  loop_until(background, [&] { return told == workers; });
}

PROBE(destroyed_while_running)
{
  const pid_t destroyer = this_thread();
  std::atomic<bool> running{false};
  std::atomic<bool> destroying{false};
  auto background = std::make_unique<Background>(1);
  background->start(
      [&] {
        running = true;
        // As long as the destructor waits, its thread sleeps.
        const bool waits = wait_until([&] { return destroying && asleep(destroyer); }, 2s);
        observe("event", waits ? "the task ends" : "the task ends alone");
        return std::int64_t{1};
      },
      [](const Outcome&) { observe("event", "on_done is called"); });
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i)
    background->start(
        [] {
          observe("event", "a task begins that should not");
          return std::int64_t{2};
        },
        [](const Outcome&) { observe("event", "on_done is called"); });
  if (!wait_until([&] { return running.load(); }, 2s)) observe("event", "no task began");
  destroying = true;
  background.reset();
  observe("event", "the object is gone");
}

PROBE(destroyed_with_news)
{
  const auto kept = std::make_shared<int>(1);
  {
    Background background(1);
    for (std::int64_t i = 0; i < request.numbers.at(0); ++i)
      background.start([] { return std::int64_t{1}; },
                       [kept](const Outcome&) { observe("event", "on_done is called"); });
    observe("news", readable(background, kLongEnough));
    observe("holders_before", kept.use_count());
  }
  observe("holders_after", kept.use_count());
}

PROBE(started_from_everywhere)
{
  const std::int64_t each = request.numbers.at(0);
  constexpr std::int64_t kStarters = 3;
  Background background(2);
  std::int64_t sum = 0;  // plain: all on_done run here
  std::int64_t told = 0;
  {
    std::vector<std::jthread> starters;
    for (std::int64_t starter = 0; starter < kStarters; ++starter)
      starters.emplace_back([&] {
        for (std::int64_t i = 1; i <= each; ++i)
          background.start([i] { return i; },
                           [&](const Outcome& outcome) {
                             sum += outcome.value;
                             ++told;
                           });
      });
    loop_until(background, [&] { return told == kStarters * each; });
  }
  observe("told", told);
  observe("sum", sum);
  observe("pending", background.pending());
}

// BEGIN HIDDEN TESTS
PROBE(one_worker)
{
  Background background(1);
  Gate gate;  // all are in the queue before the first goes on
  std::size_t told = 0;
  for (const std::int64_t number : request.numbers)
    background.start(
        [&, number] {
          observe("began", number);
          gate.pass();
          return number;
        },
        [&](const Outcome& outcome) {
          observe("told", outcome.value);
          ++told;
        });
  gate.open();
  loop_until(background, [&] { return told == request.numbers.size(); });
}

PROBE(crowd)
{
  Background background(static_cast<int>(request.numbers.at(0)));
  Gate gate;
  std::atomic<std::int64_t> begun{0};
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < request.numbers.at(1); ++i)
    background.start(
        [&] {
          ++begun;
          return std::int64_t{gate.pass()};
        },
        [&](const Outcome&) { ++told; });
  wait_until([&] { return begun >= request.numbers.at(0); }, 1s);
  observe("begun", begun.load());
  (void)wait_for_judge();
  gate.open();
  loop_until(background, [&] { return told == request.numbers.at(1); });
  observe("told", told);
}

PROBE(on_done_throws)
{
  Background background(1);
  std::atomic<std::size_t> begun{0};
  std::size_t told = 0;
  for (const std::int64_t number : request.numbers)
    background.start(
        [&, number] {
          ++begun;
          return number;
        },
        [&](const Outcome& outcome) {
          ++told;
          observe("told", outcome.value);
          if (outcome.value < 0) throw std::runtime_error("an on_done failed");
        });
  // When the last one has begun, the one worker has left the news of all others.
  wait_until([&] { return begun == request.numbers.size(); }, 1s);
  while (told < request.numbers.size() && readable(background, kLongEnough)) {
    try {
      background.deliver();
    } catch (const std::runtime_error& error) {
      observe("left_deliver", error.what());
    }
  }
  observe("pending", background.pending());
}

PROBE(chain)
{
  const std::int64_t length = request.numbers.at(0);
  Background background(1);
  std::int64_t links = 0;
  std::function<void()> next = [&] {
    background.start([] { return std::int64_t{1}; },
                     [&](const Outcome& outcome) {
                       links += outcome.value;
                       if (links < length) next();
                     });
  };
  next();
  loop_until(background, [&] { return links == length; });
  observe("links_from_on_done", links);

  std::atomic<std::int64_t> inner{0};
  std::int64_t told = 0;
  background.start(
      [&] {
        for (std::int64_t i = 0; i < length; ++i)
          background.start([&] { return ++inner; }, [&](const Outcome&) { ++told; });
        return std::int64_t{0};
      },
      [&](const Outcome&) { ++told; });
  loop_until(background, [&] { return told == length + 1; });
  observe("started_from_a_task", inner.load());
}

PROBE(what_a_task_holds)
{
  Background background(1);
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    auto held = std::make_shared<int>(1);
    std::weak_ptr<int> watched = held;
    background.start([held = std::move(held)] { return std::int64_t{*held}; },
                     [&, watched](const Outcome&) {
                       observe("gone_when_told", watched.expired());
                       ++told;
                     });
    loop_until(background, [&] { return told == i + 1; });
  }
}

PROBE(interrupted)
{
  Background background(2);
  std::int64_t told = 0;
  for (std::int64_t i = 1; i <= request.numbers.at(0); ++i) {
    background.start([i] { return i; },
                     [&](const Outcome& outcome) {
                       observe("told", outcome.value);
                       ++told;
                     });
    loop_until(background, [&] { return told == i; });
    observe("readable_afterwards", readable(background, 0ms));
  }
}

PROBE(no_descriptor)
{
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    try {
      Background background(2);
      bool told = false;
      background.start([] { return std::int64_t{1}; }, [&](const Outcome&) { told = true; });
      loop_until(background, [&] { return told; });
      observe("made", told ? "and it works" : "and it tells nothing");
    } catch (const std::system_error& error) {
      observe("refused", error.code() == std::errc::too_many_files_open ? "EMFILE" : error.what());
    }
  }
}

PROBE(born_and_gone)
{
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    Background background(2);
    background.start([] { return std::int64_t{1}; }, [&](const Outcome&) { ++told; });
    loop_until(background, [&] { return told == i + 1; });
  }
  observe("told", told);
  observe("all_gone", 1);
  (void)wait_for_judge();
}

PROBE(idle)
{
  Background background(3);
  std::int64_t told = 0;
  background.start([] { return std::int64_t{1}; }, [&](const Outcome&) { ++told; });
  loop_until(background, [&] { return told == 1; });
  Gate gate;
  std::promise<void> opened;
  auto future = opened.get_future().share();
  background.start(
      [future] {
        future.wait();
        return std::int64_t{1};
      },
      [&](const Outcome&) { ++told; });
  observe("told", told);
  (void)wait_for_judge();
  opened.set_value();
  loop_until(background, [&] { return told == 2; });
  observe("told", told);
}

PROBE(nobody_asks)
{
  const std::int64_t tasks = request.numbers.at(0);
  Background background(2);
  std::atomic<std::int64_t> ended{0};
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < tasks; ++i)
    background.start([&] { return ++ended; }, [&](const Outcome&) { ++told; });
  wait_until([&] { return ended == tasks; });
  observe("ended", ended.load());
  loop_until(background, [&] { return told == tasks; });
  observe("told", told);
}

PROBE(round_trips)
{
  std::int64_t sum = 0;
  std::int64_t told = 0;
  const std::int64_t tasks = request.numbers.at(0);
  Background background(2);
  for (std::int64_t i = 0; i < tasks; ++i)
    background.start([i] { return i; },
                     [&](const Outcome& outcome) {
                       sum += outcome.value;
                       ++told;
                     });
  loop_until(background, [&] { return told == tasks; });
  observe("sum", sum);
}
// END HIDDEN TESTS
