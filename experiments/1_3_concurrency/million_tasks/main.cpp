// Question       How many tasks can wait at once, and what does each cost while it does nothing?
// Fixed          all tasks are begun, each sleeps once, all are waited for; in a fresh program.
// Varied         what a task is; tasks.
// Expect         a thread costs a stack and the kernel's records of it, a process a memory of its own
//                besides; a coroutine a frame of about a hundred bytes and a place among the timers. A
//                million coroutines take a few times as long as one, for each must be begun and woken;
//                threads end at a limit long before.
// Does not show  tasks that do something: where they compute, the cores are the limit.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "million_tasks",
                           .section = "1_3_concurrency",
                           .title = "Many tasks asleep: threads, processes, coroutines",
                           .baseline = "threads"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name         how many can there be?  and in a quick sweep?
        {"threads",    threads_limit,          1'000},
        {"processes",  processes_limit_here,   100},
        {"coroutines", no_limit,               1'000'000},
    };
    // clang-format on

    for (const int tasks : settings.tasks)
      for (const Model& model : models)
        if (tasks <= model.most_in_a_quick_sweep || !settings.quick)
          experiment.add(measure_model(model, tasks, settings.sleep));
    return experiment.run();
  });
}
