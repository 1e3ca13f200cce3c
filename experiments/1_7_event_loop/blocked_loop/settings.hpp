// What a user can change about blocked_loop, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  int ticks = 0;
  int interval_us = 0;
  int block_ms = 0;
  std::chrono::microseconds interval{0};
  std::vector<std::chrono::milliseconds> blocks;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
