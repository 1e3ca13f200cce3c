// One way to count, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Counted (*run)(const Work&);
  bool claims_to_be_right;  // false: that it loses references is the finding
};

/// The same pairs for every number of threads, shared among them. Counters: pair_s, the seconds for
/// a pair, all threads together; lost, by how much the final count is wrong, the most of any
/// iteration. A model that claims to be right, and loses a reference, is an error.
Series measure_model(const Model& model, const Work& work);

}  // namespace two_cakes
