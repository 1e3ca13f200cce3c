// One way to hand the turn over, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "switches.hpp"

namespace two_cakes {

struct SwitchModel {
  const char* name;
  Played (*play)(const Play&);
  bool across_too;  // whether the two can be on two cores
};

/// One iteration is `hand_overs` hand-overs, on one core or `across` two; that each player had its
/// turns is checked. Counter: switch_s, the seconds for one. Skipped across, where this process may
/// use one core only.
Series measure_switch(const SwitchModel& model, int hand_overs, bool across);

}  // namespace two_cakes
