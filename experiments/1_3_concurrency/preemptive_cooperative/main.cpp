// Question       What does it cost to let somebody else go on, and who decides when?
// Fixed          two who hand the turn to and fro; then several who compute on one core and would
//                never stop.
// Varied         how the turn is handed over; whether both are on the same core; how many compute.
// Expect         threads and processes go through the kernel: some microseconds on one core, more
//                where another core must be woken. Coroutines go through a queue: tens of
//                nanoseconds. The kernel takes the core away every few milliseconds, anywhere; a
//                coroutine keeps it until it says otherwise.
// Does not show  what a switch costs afterwards: caches that somebody else has filled.
#include "harness/experiment.hpp"
#include "measure_slice.hpp"
#include "measure_switch.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "preemptive_cooperative",
                           .section = "1_3_concurrency",
                           .title = "What a switch costs, and who decides on it",
                           .baseline = "threads_futex"});
    int hand_overs = 0;
    int spin_ms = 0;
    experiment.option("--hand-overs", hand_overs,
                      "Hand-overs on one core (0: quick 10000, full 200000)", 0);
    experiment.option("--spin-ms", spin_ms, "How long each spins, in ms (0: quick 60, full 1000)",
                      0);
    Timeline& timeline = experiment.timeline();
    experiment.parse(argc, argv);
    if (hand_overs == 0) hand_overs = experiment.pick(200, 10'000, 200'000);
    if (spin_ms == 0) spin_ms = experiment.pick(20, 60, 1'000);

    // clang-format off
    const SwitchModel switches[] = {
        // name             mechanism              two cores too?
        {"threads_futex",   switch_threads_futex,   true},
        {"threads_pipe",    switch_threads_pipe,    true},
        {"processes_futex", switch_processes_futex, true},
        {"processes_pipe",  switch_processes_pipe,  true},
        {"coroutines",      switch_coroutines,      false},
    };
    const SpinModel spinners[] = {
        {"threads",    spin_preempted},
        {"coroutines", spin_cooperative},
    };
    // clang-format on

    for (const bool across : {false, true})
      for (const SwitchModel& model : switches)
        if (!across || model.across_too)  // to wake another core takes long: fewer will do
          experiment.add(measure_switch(model, across ? hand_overs / 20 : hand_overs, across));
    for (const int spinning : experiment.pick<std::vector<int>>({2}, {2, 4}, {2, 4, 8}))
      for (const SpinModel& model : spinners)
        experiment.add(
            measure_slice(model, spinning, std::chrono::milliseconds(spin_ms), timeline));
    return experiment.run();
  });
}
