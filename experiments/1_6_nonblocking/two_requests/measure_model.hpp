// One way to wait for two requests, as a series of the harness.
#pragma once

#include <chrono>

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  void (*run)(const TwoRequests&);
  bool at_once;  // waits for both at the same time
};

/// Two requests to `target`, which the server lets wait for `delay` each. The bound is their sum,
/// or the longer one. An answer that isn't right is an error.
Series measure_model(const Model& model, std::chrono::milliseconds delay, const Target& target);

}  // namespace two_cakes
