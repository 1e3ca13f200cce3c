// Question       What does one lock do to threads? And is the lock all that there is to it?
// Fixed          the same jobs, shared by the threads; one lock, handed over after a switch
//                interval, released for waits.
// Varied         the lock: CPython's own, or SwitchingLock in C++. work: cpu (only computes), io
//                (only waits), mixed; threads. Then the switch interval: a thread that makes
//                requests, beside one that computes.
// Expect         cpu: no number of threads gains anything. io: N threads wait N times as fast.
//                mixed: until computing alone fills the lock. C++ under the imitation follows
//                CPython: it is the lock, not the language. A request beside a computing thread
//                takes one switch interval more (the convoy effect), and shorter intervals cost
//                throughput.
// Does not show  what C++ does without a lock: fib_40_41.
#include "convoy.hpp"
#include "harness/experiment.hpp"
#include "jobs.hpp"
#include "measure.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "imitated_gil",
         .section = "1_5_gil",
         .title = "CPython's lock, and an imitation of it in C++: threads, and the switch interval",
         .baseline = "real_gil"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Lock locks[] = {
        // name           threads that do jobs  their speed         requests beside computing
        {"real_gil",      run_real_gil,         real_units_in,      run_real_convoy},
        {"imitated_gil",  run_imitated_gil,     imitated_units_in,  run_imitated_convoy},
    };
    // clang-format on

    for (const std::string work : {"cpu", "io", "mixed"})
      for (const int threads : settings.threads)
        for (const Lock& lock : locks) experiment.add(measure_jobs(lock, work, threads, settings));
    for (const auto interval : settings.intervals)
      for (const Lock& lock : locks) experiment.add(measure_convoy(lock, interval, settings));
    return experiment.run();
  });
}
