// What a user can change about the matrix, and what each sweep takes by default.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string target;                          // host:port; empty: our own slow server
  std::chrono::milliseconds deadline{10'000};  // for one request
  std::string jobs_text;                       // "8,64"
  std::vector<int> jobs;
  std::chrono::milliseconds wait{0};  // 0: by sweep
  int fib = 0;                        // 0: by sweep
  bool connected = false;  // connections are made beforehand, outside the time that counts
  int pool_threads = 0;    // 0: 32, as many as Python's ThreadPoolExecutor ever makes by itself
  int pool_processes = 0;  // 0: the number of cores, as Python's ProcessPoolExecutor does

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `jobs_text` is no list of positive
  /// numbers.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
