#include "measure_observer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes {
namespace {

constexpr int kTasks = 100;

/// The least that an observer can do.
class Counting final : public LoopObserver {
 public:
  void created(const TaskFrame&, std::string_view, Clock::time_point) override {}
  void ready(const TaskFrame&, Clock::time_point) override {}
  void resumed(const TaskFrame&, Clock::time_point) override { ++resumes; }
  void waits(const TaskFrame&, std::string_view, Clock::time_point) override {}
  void finished(const TaskFrame&, bool, Clock::time_point) override {}
  long resumes = 0;
};

struct Stepped {
  double seconds = 0;
  long steps = 0;
  long seen = 0;
};

Task<> take_steps(int steps, long& taken)
{
  for (; steps > 0; --steps) {
    ++taken;
    co_await next_turn();
  }
}

Stepped step(int steps_each, bool observed)
{
  Stepped stepped;
  Counting counting;
  EventLoop loop;
  if (observed) loop.set_observer(&counting);
  for (int i = 0; i < kTasks; ++i) loop.spawn(take_steps(steps_each, stepped.steps));
  const auto begin = Clock::now();
  loop.run();
  stepped.seconds = to_seconds(Clock::now() - begin);
  stepped.seen = counting.resumes;
  return stepped;
}

}  // namespace

Series measure_observer(int steps, bool observed)
{
  const int each = std::max(1, steps / kTasks);
  const auto body = [=](benchmark::State& state) {
    double seconds = 0;
    measure(
        state, [=] { return step(each, observed); },
        [&](const Stepped& stepped, Report& report) {
          const long all = static_cast<long>(each) * kTasks;
          const long seen = observed ? all + kTasks : 0;  // each is begun, too
          if (stepped.steps != all || stepped.seen != seen)
            throw WrongAnswer(fmt::format("{} steps of {} were taken, {} of {} seen", stepped.steps,
                                          all, stepped.seen, seen));
          seconds += stepped.seconds;
          report.units += static_cast<double>(all);
          report.counters = {{"step_s", seconds / report.units}};
        });
  };
  return {"coroutines", {{"observer", observed ? "counting" : "none"}}, body};
}

}  // namespace two_cakes
