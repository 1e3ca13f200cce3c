// One way to make the requests, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  const char* language;  // cpython, cpp
  Answers (*run)(const Workload&);
  bool waits_at_once;
};

/// Every reply is checked. The bound is the sum of the waits, or one wait where all are at once.
Series measure_model(const Model& model, const Workload& requests);

}  // namespace two_cakes
