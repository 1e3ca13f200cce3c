#include "harness/measure.hpp"

#include <exception>
#include <string>

#include "base/errors.hpp"
#include "harness/interrupt.hpp"

namespace two_cakes {
namespace {

Failures seen;  // series run one after the other, on the main thread

}  // namespace

void publish(benchmark::State& state, const Costs& costs, const Report& report)
{
  const auto iterations = static_cast<double>(state.iterations());
  auto& counters = state.counters;
  counters["units"] = report.units / iterations;
  counters["user_s"] = to_seconds(costs.usage.user) / iterations;
  counters["system_s"] = to_seconds(costs.usage.system) / iterations;
  counters["voluntary_switches"] = static_cast<double>(costs.usage.voluntary_switches) / iterations;
  counters["involuntary_switches"] =
      static_cast<double>(costs.usage.involuntary_switches) / iterations;
  counters["peak_memory_bytes"] = static_cast<double>(costs.peak_memory_bytes) +
                                  static_cast<double>(costs.children_memory_bytes) / iterations;
  counters["peak_threads"] = static_cast<double>(costs.peak_threads);
  counters["peak_processes"] = static_cast<double>(costs.peak_processes);
  for (const auto& [name, value] : report.latencies.counters()) counters[name] = value;
  for (const auto& [name, value] : report.counters) counters[name] = value;
  if (report.bound_s > 0) {
    counters["bound_s"] = report.bound_s;
    state.SetLabel(report.bound_name);
  }
}

void run_series(benchmark::State& state, const std::function<void()>& attempt)
{
  if (interrupted()) return state.SkipWithError("skipped: interrupted");
  try {
    attempt();
  } catch (const Skipped& reason) {
    state.SkipWithError((std::string("skipped: ") + reason.what()).c_str());
  } catch (const std::exception& error) {
    if (seen.count++ == 0) seen.first = error.what();
    state.SkipWithError(error.what());
  }
}

const Failures& failures() { return seen; }

}  // namespace two_cakes
