// One way to bake one order, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Cakes (*bake)(const Order&, const Ovens&, Timeline&);
  int ovens;
};

/// One iteration bakes the whole order; every cake is looked at. Skipped where the process may use
/// fewer cores than the model needs ovens. `timeline` must outlive the series.
Series measure_model(const Model& model, const Order& order, Timeline& timeline);

}  // namespace two_cakes
