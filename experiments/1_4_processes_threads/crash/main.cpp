// Question       One part of a program ends badly: who goes with it, and how soon is it known?
// Fixed          two parts side by side: one gets into trouble, a bystander is asked afterwards.
// Varied         the parts are children, or threads of one child; the trouble.
// Expect         a child goes alone: its bystander and its parent go on, and it is reaped within a
//                millisecond or so. A thread takes all other threads of its process with it.
// Does not show  what was half done: files, locks in shared memory; a parent that must begin again.
#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "crash",
                           .section = "1_4_processes_threads",
                           .title = "Who goes along when one part of a program ends badly",
                           .baseline = "processes"});
    std::chrono::milliseconds patience{20};
    experiment.option("--patience-ms", patience,
                      "How long a part may run away before it is killed");
    experiment.parse(argc, argv);

    constexpr int kSigAbrt = 6;
    const Model models[] = {
        // name       mechanism      bystander lives  where memory runs out
        {"processes", run_processes, true, {.exit_code = 1}},
        {"threads", run_threads, false, {.signal = kSigAbrt}},
    };

    std::vector<Trouble> troubles{Trouble::kSegfault, Trouble::kKilled, Trouble::kRunsAway,
                                  Trouble::kLeaks};
    // A second each, since the limit on CPU time counts whole seconds.
    if (experiment.scale() == Scale::kFull) troubles.push_back(Trouble::kUsesUpCpu);
    for (const Trouble trouble : troubles)
      for (const Model& model : models) experiment.add(measure_model(model, trouble, patience));
    return experiment.run();
  });
}
