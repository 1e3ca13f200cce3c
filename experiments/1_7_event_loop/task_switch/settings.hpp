// What a user can change about task_switch, and what each sweep takes by default.
#pragma once

#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  int only_tasks = 0;
  int switches = 0;  // in all, at least; a loop does ten times as many
  std::vector<int> tasks;
  int most_threads = 0;
  int most_processes = 0;
  int most_tasks = 0;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
