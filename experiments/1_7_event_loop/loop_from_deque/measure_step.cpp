#include "measure_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

void check(const Outcome& outcome, const Step& step, const Load& load)
{
  std::vector<int> times_handled(load.messages());
  for (const Log::Entry& each : outcome.log.entries()) {
    if (each.at < each.note.due)
      throw WrongAnswer(fmt::format("message {} was handled before it was due", each.note.number));
    ++times_handled.at(each.note.number);
  }
  const auto wrong = std::ranges::find_if(times_handled, [](int times) { return times != 1; });
  if (wrong != times_handled.end())
    throw WrongAnswer(fmt::format("message {} was handled {} times, not once",
                                  wrong - times_handled.begin(), *wrong));
  if (const long pairs = outcome.log.inversions(); step.keeps_order && pairs != 0)
    throw WrongAnswer(fmt::format("{} turned {} pairs of messages round", step.name, pairs));
}

/// How long it took until each conversation had had its first turn.
double until_each_had_its_turn(const Outcome& outcome, const Load& load)
{
  Clock::duration longest{0};
  for (const Log::Entry& each : outcome.log.entries())
    if (each.note.number < load.conversations) longest = std::max(longest, each.at - each.note.due);
  return to_seconds(longest);
}

/// What the outcomes come to over all iterations.
struct Totals {
  double inversions = 0;
  double overtakers = 0;
  double turns = 0;
  double cpu_s = 0;
  double first_turns_s = 0;
  double iterations = 0;

  void add(const Outcome& outcome, const Load& load)
  {
    inversions += static_cast<double>(outcome.log.inversions());
    overtakers += static_cast<double>(outcome.log.overtakers());
    turns += static_cast<double>(outcome.turns);
    cpu_s += to_seconds(outcome.cpu);
    first_turns_s += until_each_had_its_turn(outcome, load);
    ++iterations;
  }
};

}  // namespace

Series measure_step(const Step& step, const Load& load)
{
  const auto body = [=](benchmark::State& state) {
    Totals totals;
    const auto run = [&] { return skip_at_a_limit([&] { return step.run(load); }); };
    measure(state, run, [&](const Outcome& outcome, Report& report) {
      check(outcome, step, load);
      report.units += load.messages();
      for (const Log::Entry& each : outcome.log.entries())
        report.latencies.add(each.note.due, each.at);
      totals.add(outcome, load);
      report.counters = {{"inversions", totals.inversions / totals.iterations},
                         {"overtakers", totals.overtakers / totals.iterations},
                         {"loop_turns", totals.turns / totals.iterations},
                         {"loop_cpu_s", totals.cpu_s / totals.iterations},
                         {"waited_s", report.latencies.percentile_ms(50) / 1e3}};
      if (load.kind == LoadKind::kConversations)
        report.counters.emplace_back("first_turns_s", totals.first_turns_s / totals.iterations);
    });
  };
  return {step.name, {{"load", std::string(to_string(load.kind))}}, body};
}

}  // namespace two_cakes
