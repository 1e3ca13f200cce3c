// What a user can change about loop_from_deque, and what each sweep takes by default.
#pragma once

#include <vector>

#include "harness/experiment.hpp"
#include "load.hpp"

namespace two_cakes {

struct Settings {
  int conversations = 0;
  int turns = 0;
  int work_us = 20;
  int events = 0;
  int period_us = 0;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// What the loops are given: each of the four kinds, in the size of the sweep or of the flags.
  [[nodiscard]] std::vector<Load> loads(const Experiment& experiment) const;
};

}  // namespace two_cakes
