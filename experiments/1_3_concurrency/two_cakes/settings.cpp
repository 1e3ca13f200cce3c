#include "settings.hpp"

#include "os/affinity.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--turns", turns, "Turns of work and pause of a cake (0: 4; smoke: 2)", 0);
  experiment.option("--turn-ms", turn_ms,
                    "Length of a turn in ms, pause included (0: quick 12, full 60)", 0);
  experiment.option("--cakes", cakes, "Only so many cakes (0: 2, and more than there are ovens)",
                    0);
  experiment.option("--ovens", ovens, "Ovens, that is cores, of the parallel kitchen");
}

void Settings::complete(const Experiment& experiment)
{
  if (turns == 0) turns = experiment.pick(2, 4, 8);
  if (turn_ms == 0) turn_ms = experiment.pick(3, 12, 60);
  const std::uint64_t speed = measured_steps_per_ms();
  const std::chrono::microseconds turn = std::chrono::milliseconds(turn_ms);
  const auto recipe = [&](const char* name, int work_of_six) {
    const auto work = turn * work_of_six / 6;
    return Recipe{name, turns, work, turn - work, speed};
  };
  const Recipe both = recipe("both", 4);
  const int few = cakes == 0 ? 2 : cakes;
  orders.push_back({both, few});
  if (experiment.scale() != Scale::kSmoke)
    for (const Recipe& each : {recipe("work", 6), recipe("pauses", 1)})
      orders.push_back({each, few});
  if (cakes == 0) orders.push_back({both, 2 * ovens});
}

}  // namespace two_cakes
