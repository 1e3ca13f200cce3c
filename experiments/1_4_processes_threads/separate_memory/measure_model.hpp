// One way to share memory, or not to, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "touch.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Touched (*touch)(Region& region, Touch how);
  Sharing sharing;
  bool parent_sees;  // the facts that are claimed: it is an error where they don't hold
  bool write_is_copied;
};

/// Counters, per iteration: touch_s, page_faults, copied_pages (left out where the kernel doesn't
/// say), seen_pages: in how many pages the parent sees afterwards what the other one wrote.
Series measure_model(const Model& model, Touch how, int pages);

}  // namespace two_cakes
