#include "harness/reporter.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "harness/series.hpp"

namespace two_cakes {
namespace {

double seconds_per_iteration(const benchmark::BenchmarkReporter::Run& run)
{
  return run.real_accumulated_time / static_cast<double>(run.iterations);
}

/// Why a series has no time; empty where it has one. Google Benchmark 1.8 renamed the fields.
template <class AnyRun>
std::string problem_of(const AnyRun& run)
{
  if constexpr (requires { run.skip_message; }) return run.skip_message;
  else return run.error_occurred ? run.error_message : std::string{};
}

std::string costs_of(const benchmark::BenchmarkReporter::Run& run)
{
  const auto user = run.counters.find("user_s");
  const auto system = run.counters.find("system_s");
  const auto memory = run.counters.find("peak_memory_bytes");
  if (user == run.counters.end() || system == run.counters.end() || memory == run.counters.end())
    return {};
  return fmt::format("CPU {}, {:.1f} MiB", human_duration(user->second + system->second),
                     memory->second / (1 << 20));
}

}  // namespace

std::string human_duration(double seconds)
{
  struct Unit {
    double size;
    const char* name;
  };
  if (seconds >= 999.5) return fmt::format("{:.0f} s", seconds);
  for (const Unit unit : {Unit{1, "s"}, Unit{1e-3, "ms"}, Unit{1e-6, "us"}})
    if (seconds >= unit.size * 0.9995)  // what would be rounded up to 1000 of the next unit
      return fmt::format("{:.3g} {}", seconds / unit.size, unit.name);
  return fmt::format("{:.3g} ns", seconds / 1e-9);
}

PeopleReporter::PeopleReporter(std::string baseline, std::function<void()> before_line)
    : baseline_(std::move(baseline)),
      before_line_(std::move(before_line))
{
}

bool PeopleReporter::ReportContext(const Context&) { return true; }

void PeopleReporter::ReportRuns(const std::vector<Run>& runs)
{
  before_line_();
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Aggregate) print_line(run);
  }
  std::fflush(stdout);
}

void PeopleReporter::print_line(const Run& run)
{
  const SeriesName name = parse_series_name(run.benchmark_name());
  const std::string heading = name.experiment + "  " + name.parameters;
  if (heading != heading_) fmt::print("{}\n", heading_ = heading);
  const std::string problem = problem_of(run);
  if (!problem.empty()) {
    fmt::print("  {:<16} {}{}\n", name.model,
               problem.starts_with("skipped: ") ? "" : "ERROR: ", problem);
    return;
  }
  const double seconds = seconds_per_iteration(run);
  fmt::print("  {:<16} {:>9}   {:<32} {}\n", name.model, human_duration(seconds),
             comparison(name.model, name.parameters, seconds), costs_of(run));
}

std::string PeopleReporter::comparison(const std::string& model, const std::string& parameters,
                                       double seconds)
{
  if (model == baseline_) {
    baseline_seconds_[parameters] = seconds;
    return "the baseline";
  }
  const auto known = baseline_seconds_.find(parameters);
  if (known == baseline_seconds_.end()) return {};
  const double ratio = known->second / seconds;
  if (ratio >= 1) return fmt::format("{:.3g}x faster than {}", ratio, baseline_);
  return fmt::format("{:.3g}x slower than {}", 1 / ratio, baseline_);
}

}  // namespace two_cakes
