// The shortest time that a model can take on paper: no model may be faster, and the chart shows how
// near it comes.
#pragma once

#include <string>

#include "work/job.hpp"

namespace two_cakes {

/// How many jobs a model can have waiting at once, and how many computing at once.
struct Width {
  int waits = 1;
  int computes = 1;
};

struct Bound {
  double seconds = 0;
  std::string name;  // "longest wait", "sum of waits", "work / cores", ...
};

/// For jobs that are all alike, where computing one takes `compute_s` seconds. Two things bound a
/// model from below: one of its ways must do its share of jobs from end to end; and all computing
/// is shared among `computes` cores, after the first wait.
Bound bound_of(const Workload& workload, Width width, double compute_s);

}  // namespace two_cakes
