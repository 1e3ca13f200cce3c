// One phase of the listing as a series: how much of its time it computes, and how much it waits.
#pragma once

#include <functional>
#include <string>

#include "harness/experiment.hpp"

namespace two_cakes {

/// `phase` does its work and returns what it came to; `is_right` looks at that, or at what was left
/// behind. `prepare` comes first and isn't measured; what it throws is the series' error.
/// Counters: computing_s and waiting_s, the rest of the wall time.
Series measure_phase(const std::string& name, const std::function<void()>& prepare,
                     const std::function<std::string()>& phase,
                     const std::function<bool(const std::string&)>& is_right);

}  // namespace two_cakes
