// What a user can change about readiness_backends, and what each sweep takes by default.
#pragma once

#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string counts_text;  // "10,1000"
  std::vector<int> counts;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `counts_text` is no list of numbers.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
