// What a user can change about million_tasks, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string tasks_text;  // "1000,10000"
  std::vector<int> tasks;
  std::chrono::milliseconds sleep{0};
  bool quick = true;  // no sweep of its own was asked for

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `tasks_text` is no list of numbers.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
