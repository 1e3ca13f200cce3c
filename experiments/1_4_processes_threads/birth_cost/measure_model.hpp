// One way to be born, with a parent of one size, as a series of the harness.
#pragma once

#include "ballast.hpp"
#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Ask (*prepare)();
};

/// One iteration asks one question; every answer is checked. What is made once is made before the
/// clock starts. Skipped where memory, threads or processes don't suffice. `ballast` must outlive
/// the series.
Series measure_model(const Model& model, int parent_mib, Ballast& ballast);

}  // namespace two_cakes
