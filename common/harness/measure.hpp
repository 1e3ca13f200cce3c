// The one loop in which everything is measured.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "harness/cost_meter.hpp"
#include "harness/latencies.hpp"

namespace two_cakes {

/// What a series reports besides its time. Filled by the check of each iteration.
struct Report {
  double units = 0;     // units of work done, over all iterations: proof of equal work
  Latencies latencies;  // over all iterations
  std::vector<std::pair<std::string, double>>
      counters;        // of the experiment's own, already per iteration
  double bound_s = 0;  // the analytic bound of one iteration in seconds; 0: there is none
  std::string bound_name;
};

/// Notes what was measured in `state`, as counters per iteration. peak_memory_bytes is this
/// process's peak plus the peaks of the children of one iteration, so an upper bound where they
/// share pages.
void publish(benchmark::State& state, const Costs& costs, const Report& report);

/// Runs `attempt` and turns what it throws into the series' outcome: Skipped becomes "skipped:
/// reason", any other exception an error. Neither can be charted. After Ctrl-C the series is not
/// begun.
void run_series(benchmark::State& state, const std::function<void()>& attempt);

/// What went wrong in this process: how many attempts ended in an error, and what the first of them
/// said.
struct Failures {
  std::size_t count = 0;
  std::string first;
};
const Failures& failures();

/// Measures `run()` on Google Benchmark's own loop, and hands each result to `check(result,
/// report)`, outside the time that is counted; check throws WrongAnswer where the answer is wrong,
/// and adds the units that were done. Costs two readings of the clock for each iteration. The costs
/// (not the time) include the checks.
template <class Run, class Check>
void measure(benchmark::State& state, Run run, Check check)
{
  run_series(state, [&] {
    Report report;
    CostMeter meter;
    for (auto _ : state) {
      const auto started = Clock::now();
      auto result = run();
      state.SetIterationTime(to_seconds(Clock::now() - started));
      check(result, report);
    }
    publish(state, meter.stop(), report);
  });
}

}  // namespace two_cakes
