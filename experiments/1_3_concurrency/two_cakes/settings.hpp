// What a user can change about two_cakes, and what each sweep takes by default.
#pragma once

#include <string>
#include <vector>

#include "cake.hpp"
#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  int turns = 0;
  int turn_ms = 0;
  int cakes = 0;
  int ovens = 2;
  std::vector<Order> orders;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set, and finds out how fast this machine's cores are.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
