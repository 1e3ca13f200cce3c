// Latencies, kept whole: the tail is the story, and an average hides it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"

namespace two_cakes {

/// The distribution of one kind of latency. Not thread-safe: collect per thread and merge.
class Latencies {
 public:
  /// One operation that should have started at `intended`, did start at `started`, and finished at
  /// `finished`. Under an open-loop load the two differ, when a stall keeps the client from
  /// starting in time; counting from the intended start is what keeps the stall in the figures
  /// (coordinated omission: Gil Tene, "How NOT to Measure Latency").
  void add(Clock::time_point intended, Clock::time_point started, Clock::time_point finished);
  /// One operation of a closed loop, which starts when it means to.
  void add(Clock::time_point started, Clock::time_point finished)
  {
    add(started, started, finished);
  }
  void merge(const Latencies& other);

  [[nodiscard]] std::size_t size() const { return from_intended_.size(); }

  /// The smallest latency in milliseconds that at least `percent` of all don't exceed (nearest
  /// rank), counted from the intended start. 0 where there are none.
  [[nodiscard]] double percentile_ms(double percent) const;

  /// Names and values in milliseconds: p50_ms, p90_ms, p99_ms, p99_9_ms, max_ms; and service_p50_ms
  /// and so on, from the real start, where the two starts differ anywhere.
  [[nodiscard]] std::vector<std::pair<std::string, double>> counters() const;

 private:
  std::vector<double> from_intended_;  // milliseconds
  std::vector<double> from_started_;   // milliseconds
  bool open_loop_ = false;
};

}  // namespace two_cakes
