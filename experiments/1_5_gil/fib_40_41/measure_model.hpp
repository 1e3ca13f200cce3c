// One way to compute the two numbers, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

/// What is the least time on paper. Computing fib(n + 1) takes phi times as long as fib(n), so for
/// two jobs that can't be split it is 1.618 times faster than one after the other, on any machine
/// with two cores or more.
enum class Bound {
  kAllWork,     // one after the other
  kLongerJob,   // both at once
  kWorkByCores  // split over all cores
};

struct Model {
  const char* name;
  const char* language;  // cpython, free_threaded, cpp, cpp_locked
  FibPair (*run)(int n);
  Bound bound;
  int n;
};

/// `one_at_a_time` computes both in the same language, one after the other: the bound is made of
/// the time that it takes.
Series measure_model(const Model& model, FibPair (*one_at_a_time)(int n));

}  // namespace two_cakes
