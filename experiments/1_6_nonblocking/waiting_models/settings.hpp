// What a user can change about waiting_models, and what each sweep takes by default.
#pragma once

#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string clients_text;  // "1,64"
  std::vector<int> clients;
  int payload_bytes = 64;
  int messages = 0;  // of all clients together; 0: by sweep
  int pool_threads = 32;
  int spin_us = 0;  // of event_loop and coroutines

  std::string serve;  // a model: serve alone, measure nothing
  int port = 0;       // for --serve; 0: any free one
  int ready_fd = -1;  // for --serve; -1: say on stderr where it listens

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where a value makes no sense.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
