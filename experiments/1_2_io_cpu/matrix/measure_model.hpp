// One model at one point of the sweep, as a series of the harness.
#pragma once

#include <string>

#include "bound.hpp"
#include "harness/experiment.hpp"
#include "models.hpp"
#include "settings.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Answers (*run)(const Workload&);
  Width width;
};

/// `work` is "io", "cpu" or "mixed". Every answer is checked; the latency of a job is the time from
/// the start of all to its end.
Series measure_model(const Model& model, const std::string& work, int jobs,
                     const Settings& settings, const Target& target);

/// Takes the first use of everything (pages, connections, the server's own growth) out of the
/// comparison: runs as many short waits at once as the largest point of the sweep will have. Not
/// measured.
void warm_up(const Settings& settings, const Target& target);

}  // namespace two_cakes
