// Several who compute on one core, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "spinners.hpp"

namespace two_cakes {

struct SpinModel {
  const char* name;
  Stretches (*spin)(const Spin&, Timeline&);
};

/// One iteration spins for `time`. Counters: slice_s, the median of how long one had the core at a
/// stretch, slice_p90_s, and slices, how many stretches were seen to their end. Skipped where
/// there was none. `timeline` must outlive the series.
Series measure_slice(const SpinModel& model, int spinners, std::chrono::milliseconds time,
                     Timeline& timeline);

}  // namespace two_cakes
