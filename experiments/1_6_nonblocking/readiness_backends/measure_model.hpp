// One who can be asked, and so many descriptors, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  WaitMany (*prepare)(const std::string& model, const Watched&);
};

/// A counter wait_s, the seconds for one wait. A wait that doesn't bring the ready descriptor, and
/// that one alone, is an error.
Series measure_model(const Model& model, int count, Descriptors& descriptors);

}  // namespace two_cakes
