// Runs a series on Google Benchmark, inside a test.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

namespace two_cakes::testing {

using Run = benchmark::BenchmarkReporter::Run;

class KeepRuns : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override
  {
    kept.insert(kept.end(), runs.begin(), runs.end());
  }
  std::vector<Run> kept;
};

/// Runs `body` for so many iterations, and returns what Google Benchmark reports of it.
inline Run run_series_once(const std::function<void(benchmark::State&)>& body, int iterations = 3)
{
  KeepRuns reporter;
  benchmark::ClearRegisteredBenchmarks();
  benchmark::RegisterBenchmark("test/model", body)->UseManualTime()->Iterations(iterations);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
  return reporter.kept.at(0);
}

/// Why a series has no time; empty where it has one. Google Benchmark 1.8 renamed the fields.
template <class AnyRun>
std::string problem_of(const AnyRun& run)
{
  if constexpr (requires { run.skip_message; }) return run.skip_message;
  else return run.error_occurred ? run.error_message : std::string{};
}

inline double counter(const Run& run, const std::string& name)
{
  const auto found = run.counters.find(name);
  return found == run.counters.end() ? -1 : static_cast<double>(found->second);
}

}  // namespace two_cakes::testing
