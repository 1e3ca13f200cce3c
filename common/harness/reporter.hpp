// A reporter for people: each line is a comparison with the baseline, not bare nanoseconds.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace two_cakes {

/// Prints "event_loop  0.024 s  41.7x faster than blocking" under a heading for each point of the
/// sweep. The baseline must come first at each point, as it does in the written order.
class PeopleReporter : public benchmark::BenchmarkReporter {
 public:
  /// `before_line` runs before anything is printed (it takes a progress line away).
  PeopleReporter(std::string baseline, std::function<void()> before_line);

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  void print_line(const Run& run);
  std::string comparison(const std::string& model, const std::string& parameters, double seconds);

  std::string baseline_;
  std::function<void()> before_line_;
  std::map<std::string, double> baseline_seconds_;  // by parameters
  std::string heading_;
};

/// "1.23 s", "12.3 ms", "4.56 us" or "7.8 ns": three significant digits.
std::string human_duration(double seconds);

}  // namespace two_cakes
