// What a user can change about loop_xray, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <string>

#include "harness/experiment.hpp"
#include "requests.hpp"

namespace two_cakes {

struct Settings {
  std::string target;                          // host:port; empty: our own slow server
  std::chrono::milliseconds deadline{10'000};  // for a request
  int requests = 3;
  std::chrono::milliseconds wait{0};  // 0: by sweep
  int steps = 0;                      // of the coroutines that are counted; 0: by sweep
  int set_up_fib = 0;
  int post_fib = 0;

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set.
  void complete(const Experiment& experiment);
  [[nodiscard]] Requests requests_to(const Target& server) const;
};

}  // namespace two_cakes
