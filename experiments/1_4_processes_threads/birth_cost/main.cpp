// Question       What does it cost to have somebody else do it: a thread, a process, one made before?
// Fixed          one question at a time, so small that only birth, answer and end are left.
// Varied         how the newborn is made; memory that its parent holds and the newborn doesn't need.
// Expect         fork grows with the parent, since it copies the page tables. Threads, vfork and
//                posix_spawn don't look at the parent's memory. A pool spares a process its birth;
//                a thread's costs no more than the wake-ups of a question to a pool.
// Does not show  what a newborn pays later: the pages that it copies (separate_memory), its cold
//                caches; a program with many libraries to load; many births at once.
#include "ballast.hpp"
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "birth_cost",
                           .section = "1_4_processes_threads",
                           .title = "What a thread and a process cost to make, and what to reuse",
                           .baseline = "threads"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name          mechanism
        {"threads",      ask_threads},
        {"thread_pool",  ask_thread_pool},
        {"fork",         ask_fork},
        {"fork_exec",    ask_fork_exec},
        {"vfork_exec",   ask_vfork_exec},
        {"posix_spawn",  ask_posix_spawn},
        {"process_pool", ask_process_pool},
    };
    // clang-format on

    Ballast ballast(settings.huge_pages != 0);
    for (const int parent_mib : settings.parent_mib)
      for (const Model& model : models) experiment.add(measure_model(model, parent_mib, ballast));
    return experiment.run();
  });
}
