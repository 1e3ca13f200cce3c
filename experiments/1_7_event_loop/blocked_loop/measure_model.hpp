// One way to compute beside the ticks, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Outcome (*run)(const Plan&);
};

/// One iteration is the whole plan; that each tick came once and in time order, and what was
/// computed, is checked. Latencies are counted from when a tick was due. Counters in seconds:
/// p50_s, p99_s, max_s; and p99_waiting_client_s and max_waiting_client_s, what a client would have
/// measured that begins only when the tick before has come. ticks_meanwhile: those that came while
/// the computation went on.
Series measure_model(const Model& model, const Plan& plan);

}  // namespace two_cakes
