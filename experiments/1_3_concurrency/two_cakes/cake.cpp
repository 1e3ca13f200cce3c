#include "cake.hpp"

#include <algorithm>
#include <vector>

namespace two_cakes {
namespace {

constexpr std::uint64_t kStepsAtOnce = 10'000;  // some 10 us between two looks at the clock

/// Each step needs the one before it, so that neither compiler nor processor can hurry. Xorshift:
/// G. Marsaglia, "Xorshift RNGs", 2003.
std::uint64_t stir(std::uint64_t mark, std::uint64_t steps)
{
  for (; steps > 0; --steps) {
    mark ^= mark << 13;
    mark ^= mark >> 7;
    mark ^= mark << 17;
  }
  return mark;
}

std::uint64_t steps_of_a_turn(const Recipe& recipe)
{
  const auto steps = recipe.steps_per_ms * static_cast<std::uint64_t>(recipe.work.count()) / 1000;
  return std::max<std::uint64_t>(steps, 1);
}

}  // namespace

std::uint64_t measured_steps_per_ms()
{
  constexpr int kTries = 40;
  constexpr std::uint64_t kSteps = 20 * kStepsAtOnce;
  Timeline unseen;
  Lane& lane = unseen.lane("calibration");
  Recipe recipe{.work = std::chrono::milliseconds(1), .steps_per_ms = kSteps};
  Cake cake;
  std::vector<double> times_ms;
  for (int i = 0; i < kTries; ++i) {
    const auto begin = Clock::now();
    work_on(cake, recipe, lane, begin);
    times_ms.push_back(to_milliseconds(Clock::now() - begin));
  }
  // The middle one: a turn shall be what the core keeps up, not what it does at its best.
  std::ranges::nth_element(times_ms, times_ms.begin() + kTries / 2);
  return static_cast<std::uint64_t>(kSteps / times_ms[kTries / 2]);
}

Clock::time_point work_on(Cake& cake, const Recipe& recipe, Lane& lane, Clock::time_point wanted)
{
  const std::uint64_t steps = steps_of_a_turn(recipe);
  std::uint64_t mark = 1;
  Clock::time_point end;
  {
    Computing computing(lane, wanted);
    for (std::uint64_t done = 0; done < steps; done += kStepsAtOnce) {
      mark = stir(mark, std::min(kStepsAtOnce, steps - done));
      end = computing.look();
    }
  }
  ++cake.turns;
  cake.mark += mark;
  lane.add(TaskState::kWaiting, end, end + recipe.pause);
  return end + recipe.pause;
}

Cake finished_cake(const Recipe& recipe)
{
  const auto turns = static_cast<std::uint64_t>(recipe.turns);
  return {.turns = recipe.turns, .mark = turns * stir(1, steps_of_a_turn(recipe))};
}

}  // namespace two_cakes
