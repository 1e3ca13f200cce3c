// One way to run the jobs, as a series of the harness.
#pragma once

#include <string>

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  const char* language;  // cpython, cpp
  Answers (*run)(const Workload&);
  int waits_at_once;     // how many jobs it can have waiting on paper,
  int computes_at_once;  // and how many computing
  int fib;               // what a computing job computes
};

/// `work` is "cpu" or "io", of which `jobs` has copies. The bound is the longest wait or the sum of
/// all, or the work divided by what may compute at once.
Series measure_model(const Model& model, const std::string& work, const Workload& jobs);

}  // namespace two_cakes
