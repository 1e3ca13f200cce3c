// What a user can change about file_reads, and what each sweep takes by default.
#pragma once

#include <string>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string folder;  // where the file is made; it has no name there
  int blocks = 0;
  int pool_threads = 16;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `folder` is no folder.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
