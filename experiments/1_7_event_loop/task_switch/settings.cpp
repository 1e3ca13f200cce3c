#include "settings.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--tasks", only_tasks, "Only so many tasks, whatever they are (0: a sweep)", 0);
  experiment.option("--switches", switches,
                    "Switches of threads and processes, a loop does ten times as many "
                    "(0: quick 2000, full 50000)",
                    0);
}

void Settings::complete(const Experiment& experiment)
{
  if (switches == 0) switches = experiment.pick(100, 2'000, 50'000);
  tasks = experiment.pick<std::vector<int>>({2, 10}, {2, 50, 1'000, 100'000},
                                            {2, 50, 1'000, 10'000, 100'000, 1'000'000});
  most_threads = experiment.pick(10, 1'000, 10'000);
  most_processes = experiment.pick(10, 50, 1'000);
  most_tasks = tasks.back();
  if (only_tasks == 0) return;
  tasks = {only_tasks};
  most_threads = most_processes = most_tasks = only_tasks;  // who can't is skipped, with the reason
}

}  // namespace two_cakes
