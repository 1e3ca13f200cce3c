// One listing as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Meeting (*meet)();
  const char* listing;
  bool same_process;  // as ours: the facts that are claimed
  bool same_thread;
};

/// Checked: that what was said is what /proc shows; whose process and thread it is; that our
/// process is the child's parent; that a child begins with one thread, however many its parent has.
/// Counter: threads, of the greeter's process. `aloud` prints each greeting once.
Series measure_model(const Model& model, bool aloud);

}  // namespace two_cakes
