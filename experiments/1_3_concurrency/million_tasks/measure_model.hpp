// So many sleeping tasks of one kind, as a series of the harness.
#pragma once

#include <chrono>

#include "harness/series.hpp"
#include "limits_of_tasks.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  TaskLimit (*limit)();
  int most_in_a_quick_sweep;
};

/// One iteration starts the program `sleepers`, which begins `tasks` tasks, lets each sleep for
/// `sleep`, and reports. That all have slept is checked. Counters: task_bytes, the memory of a
/// task, the kernel's part included; slept_s, from the first one's begin to the last one's end.
/// Skipped beyond the limit of this machine, without trying.
Series measure_model(const Model& model, int tasks, std::chrono::milliseconds sleep);

}  // namespace two_cakes
