// Several who compute on one core and would never stop: for how long does each have it?
#pragma once

#include <chrono>
#include <vector>

#include "base/units.hpp"
#include "harness/timeline.hpp"

namespace two_cakes {

struct Spin {
  int spinners = 2;
  int core = 0;
  std::chrono::milliseconds time{60};  // on the clock, all of them together
};

/// How long each stretch lasted in which a spinner had the core, in seconds, without the last one
/// of each, which the end of the time cut short.
using Stretches = std::vector<double>;

// Each blocks for `spin.time`, and gives each spinner a lane. Throws SyscallError, naming the
// limit, where a thread can't be had.

/// Threads that look at nothing but the clock: the kernel takes the core away and gives it back.
Stretches spin_preempted(const Spin& spin, Timeline& timeline);
/// Coroutines that compute for kOwnTurn and then let the next one: nobody takes anything away.
Stretches spin_cooperative(const Spin& spin, Timeline& timeline);

inline constexpr std::chrono::milliseconds kOwnTurn{10};

}  // namespace two_cakes
