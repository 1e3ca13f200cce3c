// One way to make the requests, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "requests.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Outcome (*run)(const Requests&, Timeline*);
};

/// One iteration makes all requests; every answer is checked. With a `timeline`, the series is
/// trace:on and notes who ran when; it must outlive the series. Counter: resumes, how often a task
/// was gone on with.
Series measure_requests(const Model& model, const Requests& requests, Timeline* timeline);

}  // namespace two_cakes
