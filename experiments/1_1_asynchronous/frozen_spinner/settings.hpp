// What a user can change about the spinner, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <string>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string target;                          // host:port; empty: our own slow server
  std::chrono::milliseconds deadline{10'000};  // for the operation
  std::chrono::milliseconds length{0};         // of the operation; 0: by sweep
  std::chrono::milliseconds interval{0};       // between two ticks; 0: by sweep
  std::string watch;                           // a model, or "all"; empty: measure

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where the operation would outlast its
  /// deadline.
  void complete(const Experiment& experiment);
};

/// Returns `argv`, where a bare --watch, which asks for all models, is spelled --watch=all.
char** spell_out_watch(int argc, char** argv);

}  // namespace two_cakes
