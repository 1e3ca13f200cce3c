// A cake: turns of work and of pause. What all models share, so that they differ only in who waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "harness/timeline.hpp"

namespace two_cakes {

struct Recipe {
  std::string name;
  int turns = 4;
  std::chrono::microseconds work{0};   // of a turn: needs an oven
  std::chrono::microseconds pause{0};  // behind it: needs nothing
  std::uint64_t steps_per_ms = 0;      // of this machine; see measured_steps_per_ms()
};

struct Order {
  Recipe recipe;
  int cakes = 2;
};

/// The cores that stand for ovens.
using Ovens = std::vector<int>;

/// What became of a cake: each turn's work leaves its mark on it.
struct Cake {
  int turns = 0;
  std::uint64_t mark = 0;
};
using Cakes = std::vector<Cake>;

/// "cake 1" for the first: what its lane is called.
inline std::string lane_name(int cake) { return "cake " + std::to_string(cake + 1); }

/// How many small steps of work a core of this machine does in a millisecond when nobody disturbs
/// it: a quarter of the tries were faster. Blocks for 40 tries of a millisecond or two.
std::uint64_t measured_steps_per_ms();

/// One turn's work on `cake`, in small steps, which could have begun at `wanted`; notes it in
/// `lane`. Returns when the pause behind it is over.
Clock::time_point work_on(Cake& cake, const Recipe& recipe, Lane& lane, Clock::time_point wanted);

/// The cake as it must be.
Cake finished_cake(const Recipe& recipe);

}  // namespace two_cakes
