// One way to share the numbers, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

enum class Job { kCount, kMove };

using Mechanism = Outcome (*)(const Work&);

struct Model {
  const char* name;
  Mechanism count;  // nullptr: it is for two numbers
  Mechanism move;
  bool claims_to_be_right;  // false: that it loses updates, or breaks the sum, is the finding
};

/// How `model` does `job`; nullptr where it doesn't.
Mechanism mechanism_of(const Model& model, Job job);

/// One iteration does all `updates`, on one core or two. Counters: update_s, the seconds for an
/// update, both workers together; lost, how many updates the numbers don't show, and broken, how
/// often a wrong sum was seen: the most of any iteration. A model that claims to be right and isn't
/// is an error. Skipped where this process may use fewer cores.
Series measure_model(const Model& model, Job job, int updates, int cores);

}  // namespace two_cakes
