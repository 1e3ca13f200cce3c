#include "settings.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--ticks", ticks, "How many ticks are due (0: quick 100, full 1000)", 0);
  experiment.option("--interval-us", interval_us,
                    "Time between two of them, in us (0: quick 500, full 1000)", 0);
  experiment.option("--block-ms", block_ms,
                    "Only a computation of so many ms (0: a sweep, quick 1, 5 and 20)", 0);
}

void Settings::complete(const Experiment& experiment)
{
  using std::chrono::milliseconds;
  using Blocks = std::vector<milliseconds>;
  if (ticks == 0) ticks = experiment.pick(20, 100, 1000);
  if (interval_us == 0) interval_us = experiment.pick(200, 500, 1000);
  interval = std::chrono::microseconds(interval_us);
  blocks = experiment.pick<Blocks>(
      {milliseconds(3)}, {milliseconds(1), milliseconds(5), milliseconds(20)},
      {milliseconds(1), milliseconds(5), milliseconds(20), milliseconds(100), milliseconds(300)});
  if (block_ms != 0) blocks = {milliseconds(block_ms)};
}

}  // namespace two_cakes
