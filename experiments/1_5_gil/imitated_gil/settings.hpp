// What a user can change about imitated_gil, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  int jobs = 8;                       // of all threads together
  int switch_interval_us = 0;         // of the sweep over threads; 0: CPython's own 5 ms
  std::vector<int> threads;           // each divides the jobs
  std::chrono::microseconds busy{0};  // what a job of "cpu" computes; "io" waits twice as long
  std::vector<std::chrono::microseconds> intervals;  // of the sweep over the switch interval
  int requests = 0;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where a switch interval lies outside 0.1 to
  /// 100 ms.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
