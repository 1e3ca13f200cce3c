// Question       What does it cost to make one more who can wait, and to let the next one go on?
// Fixed          one core. Tasks that do next to nothing: each lets the next one go on, round after
//                round (switch); each is made, counts itself, and ends (create).
// Varied         what a task is: a callback, a coroutine, a thread, a process; how many there are.
// Expect         a callback or a coroutine is taken from a queue: ten nanoseconds, and some tens to
//                make one. A thread's switch goes through the kernel: microseconds, tens of them to
//                make one. A process costs a little more to switch to, and ten times as much or more
//                to make. Many cost more each, once they don't fit into the caches any more.
// Does not show  memory: million_tasks (1.3); switches that nobody asked for: preemptive_cooperative
//                (1.3).
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "models.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "task_switch",
                           .section = "1_7_event_loop",
                           .title = "What a task costs: to make it, and to switch to the next",
                           .baseline = "threads"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name         to the next          a new one          as many as
        {"threads",    switch_threads,      create_threads,    settings.most_threads},
        {"processes",  switch_processes,    create_processes,  settings.most_processes},
        {"event_loop", switch_event_loop,   create_event_loop, settings.most_tasks},
        {"coroutines", switch_coroutines,   create_coroutines, settings.most_tasks},
    };
    // clang-format on

    for (const int tasks : settings.tasks)
      for (const Model& model : models)
        if (tasks <= model.most) {
          experiment.add(measure_switch(model, tasks, settings));
          experiment.add(measure_creation(model, tasks));
        }
    return experiment.run();
  });
}
