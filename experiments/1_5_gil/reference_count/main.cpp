// Question       Why does CPython have the lock? Because every object counts its references: what
//                would that cost without it?
// Fixed          one object; so many references taken and dropped, 1,000 at a time; all threads
//                together, a core each as far as there are.
// Varied         how the count is kept; threads.
// Expect         plain is fastest on one thread, and wrong from two on. One mutex and atomics are right,
//                and slower the more threads there are. Biased is as fast as plain for the thread
//                that owns the object; deferred for all of them.
// Does not show  objects that many threads make and free; what else the lock protects (dicts,
//                lists, C extensions).
#include <algorithm>

#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

namespace {

/// Whole handfuls for every thread, at least one.
Work shared_by(int threads, int pairs)
{
  const std::int64_t handfuls = std::max(1, pairs / (threads * kHeld));
  return {.threads = threads, .pairs = handfuls * threads * kHeld};
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "reference_count",
         .section = "1_5_gil",
         .title = "Counting the references to one object, with and without a lock",
         .baseline = "one_mutex"});
    int pairs = 0;
    experiment.option("--pairs", pairs,
                      "References taken and dropped (0: quick 1000000, full 8000000)", 0);
    experiment.parse(argc, argv);
    if (pairs == 0) pairs = experiment.pick(8'000, 1'000'000, 8'000'000);

    // clang-format off
    const Model models[] = {
        // name         mechanism       right?
        {"one_mutex",   run_one_mutex,  true},
        {"atomic",      run_atomic,     true},
        {"shared_ptr",  run_shared_ptr, true},
        {"biased",      run_biased,     true},
        {"deferred",    run_deferred,   true},
        {"plain",       run_plain,      false},
    };
    // clang-format on

    for (const int threads : experiment.pick<std::vector<int>>({2}, {1, 2, 4}, {1, 2, 4, 8}))
      for (const Model& model : models)
        experiment.add(measure_model(model, shared_by(threads, pairs)));
    return experiment.run();
  });
}
