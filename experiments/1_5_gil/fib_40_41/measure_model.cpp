#include "measure_model.hpp"

#include <algorithm>
#include <map>
#include <numbers>
#include <string_view>

#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

using OneAtATime = FibPair (*)(int n);

/// How many calls fib makes for n and n + 1 together.
double calls_for_both(int n)
{
  return static_cast<double>(2 * known_fib(n + 1) - 1 + 2 * known_fib(n + 2) - 1);
}

/// What both numbers take on an undisturbed core: a seventh of the work is timed, the fastest of
/// five runs, or of as many as there are in 0.1 s. Measured once in a process.
double seconds_for_both(OneAtATime one_at_a_time, int n)
{
  static std::map<OneAtATime, double> known;
  if (const auto found = known.find(one_at_a_time); found != known.end()) return found->second;
  const int smaller = std::max(1, n - 4);
  const auto begun = Clock::now();
  double fastest_s = 1e9;
  for (int i = 0; i < 5 && Clock::now() < begun + std::chrono::milliseconds(100); ++i) {
    const auto start = Clock::now();
    one_at_a_time(smaller);
    fastest_s = std::min(fastest_s, to_seconds(Clock::now() - start));
  }
  return known[one_at_a_time] = fastest_s * calls_for_both(n) / calls_for_both(smaller);
}

void note_bound(Bound bound, double both_s, Report& report)
{
  switch (bound) {
    case Bound::kAllWork:
      report.bound_s = both_s;
      report.bound_name = "all work";
      return;
    case Bound::kLongerJob:
      report.bound_s = both_s / std::numbers::phi;
      report.bound_name = "the longer job";
      return;
    case Bound::kWorkByCores:
      report.bound_s = both_s / usable_cores();
      report.bound_name = "work / cores";
      return;
  }
}

/// The costs of another program, which the harness can't see.
void note_costs(const ProgramCosts& before, const ProgramCosts& now, Report& report)
{
  const double iterations = report.units / 2;
  report.counters = {{"user_s", (now.cpu_s - before.cpu_s) / iterations},
                     {"peak_memory_bytes", now.peak_memory_bytes}};
}

}  // namespace

Series measure_model(const Model& model, FibPair (*one_at_a_time)(int n))
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const double both_s = seconds_for_both(one_at_a_time, model.n);
      const bool elsewhere = std::string_view(model.language) == "free_threaded";
      const ProgramCosts before = elsewhere ? costs_of_free_threaded() : ProgramCosts{};
      const auto check = [&](const FibPair& pair, Report& report) {
        check_pair(pair, model.n);
        report.units += 2;
        if (elsewhere) note_costs(before, costs_of_free_threaded(), report);
        note_bound(model.bound, both_s, report);
      };
      measure(
          state, [&] { return model.run(model.n); }, check);
    });
  };
  return {model.name, {{"language", model.language}, {"n", std::to_string(model.n)}}, body};
}

}  // namespace two_cakes
