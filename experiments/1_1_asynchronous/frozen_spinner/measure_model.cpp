#include "measure_model.hpp"

#include <algorithm>

#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

struct Outcome {
  Answer answer;
  Spinner spinner;
};

/// What the spinner's records come to over all iterations.
struct Totals {
  Clock::duration longest_gap{0};
  int lost = 0;
  int meanwhile = 0;

  void add(const Spinner& spinner)
  {
    longest_gap = std::max(longest_gap, spinner.longest_gap());
    lost += spinner.lost();
    meanwhile += spinner.ticks_meanwhile();
  }
};

}  // namespace

Series measure_model(const Model& model, const Operation& operation,
                     std::chrono::milliseconds interval)
{
  const auto body = [=](benchmark::State& state) {
    Totals totals;
    const auto run = [&] {
      Spinner spinner(interval);
      const Answer answer = skip_at_a_limit([&] { return model.run(operation, spinner); });
      return Outcome{answer, spinner};
    };
    const auto check = [&](const Outcome& outcome, Report& report) {
      check_answer(outcome.answer, operation);
      report.units += 1;
      totals.add(outcome.spinner);
      report.counters = {{"max_gap_ms", to_milliseconds(totals.longest_gap)},
                         {"max_gap_s", to_seconds(totals.longest_gap)},
                         {"ticks_lost", totals.lost / report.units},
                         {"ticks_meanwhile", totals.meanwhile / report.units}};
    };
    measure(state, run, check);
  };
  return {model.name, {{"operation", operation.name}}, body};
}

}  // namespace two_cakes
