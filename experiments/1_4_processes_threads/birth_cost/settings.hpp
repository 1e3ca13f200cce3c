// What a user can change about birth_cost, and what each sweep takes by default.
#pragma once

#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string sizes_text;  // "4,64"
  std::vector<int> parent_mib;
  int huge_pages = 0;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `sizes_text` is no list of sizes.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
