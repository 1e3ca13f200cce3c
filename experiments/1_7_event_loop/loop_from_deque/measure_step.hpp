// One step's loop under one load, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "load.hpp"

namespace two_cakes {

struct Step {
  const char* name;
  Outcome (*run)(const Load&);
  bool keeps_order;  // whether it must handle messages as they were posted
};

/// One iteration takes the whole load to its end; that each message was handled once, and in order
/// where the step promises it, is checked. Counters of one iteration: inversions, overtakers and
/// loop_turns; loop_cpu_s, its thread's CPU time; waited_s, the median of how long a message
/// waited; first_turns_s, until every conversation had had its first turn.
Series measure_step(const Step& step, const Load& load);

}  // namespace two_cakes
