// One kind of task, as series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"
#include "settings.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Outcome (*take_turns)(const Plan&);
  Outcome (*create)(int tasks);
  int most;  // tasks of the sweep
};

// One iteration is all of the tasks, on the first core that may be used; that each had its turns is
// checked. Counter: each_s, the seconds for one switch, or for one task from making to end. Skipped
// where a limit allows fewer tasks.

Series measure_switch(const Model& model, int tasks, const Settings& settings);
Series measure_creation(const Model& model, int tasks);

}  // namespace two_cakes
