// One model with one operation, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Answer (*run)(const Operation&, Spinner&);
};

/// Counters: max_gap_ms (the longest time between two ticks; max_gap_s is the same in seconds),
/// ticks_lost, and ticks_meanwhile, those that came between the operation's begin and its end.
Series measure_model(const Model& model, const Operation& operation,
                     std::chrono::milliseconds interval);

}  // namespace two_cakes
