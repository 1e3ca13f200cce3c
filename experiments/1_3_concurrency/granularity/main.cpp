// Question       Where may a switch come, and what must be locked because of it?
// Fixed          two workers share two numbers; an update reads, computes a little, and writes.
// Varied         count: one number is counted up. move: one unit goes from one number to the other,
//                in two steps between which the sum is wrong. Who works, and what guards it; cores.
// Expect         coroutines need no guard: they switch only where they say so, and that is between
//                two updates. Threads without one lose updates, on one core too. A mutex or an atomic
//                keeps every update, at a price. Two atomics keep the counts and break the sum.
// Does not show  an update that waits in its middle: there coroutines need a lock too.
#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "granularity",
                           .section = "1_3_concurrency",
                           .title = "Two workers on the same two numbers, with and without a guard",
                           .baseline = "threads_mutex"});
    int updates = 0;
    experiment.option("--updates", updates,
                      "Updates, by both together (0: quick 400000, full 8000000)", 0);
    experiment.parse(argc, argv);
    if (updates == 0) updates = experiment.pick(20'000, 400'000, 8'000'000);

    // clang-format off
    const Model models[] = {
        // name                  one number             two numbers           right?
        {"threads_mutex",       count_threads_mutex,   move_threads_mutex,   true},
        {"threads_atomic",      count_threads_atomic,  move_threads_atomic,  true},
        {"coroutines",          count_coroutines,      move_coroutines,      true},
        {"threads_two_atomics", nullptr,               move_two_atomics,     false},
        {"threads_bare",        count_threads_bare,    move_threads_bare,    false},
    };
    // clang-format on

    for (const int cores : experiment.pick<std::vector<int>>({1}, {1, 2}, {1, 2}))
      for (const Job job : {Job::kCount, Job::kMove})
        for (const Model& model : models)
          if (mechanism_of(model, job)) experiment.add(measure_model(model, job, updates, cores));
    return experiment.run();
  });
}
