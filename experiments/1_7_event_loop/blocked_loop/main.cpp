// Question       One callback on the loop computes for x ms. What do all the others see of it?
// Fixed          a loop on which a tick is due every 0.5 ms (full: 1 ms), whatever has become of
//                those before it; one computation between two of them.
// Varied         how long the computation takes; whether it is done on the loop, or handed to its
//                pool.
// Expect         on the loop, every tick of the next x ms is late, the first by nearly all of x:
//                max and p99 follow x, and the median sees nothing. Through run_in_pool nobody is
//                late where there is a second core; on one, by what the kernel takes.
// Does not show  many computations at once, which the pool queues; what handing over costs.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "models.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "blocked_loop",
                           .section = "1_7_event_loop",
                           .title = "One callback that computes, and everybody else on the loop",
                           .baseline = "event_loop"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    const Model models[] = {
        {"event_loop", run_event_loop},            // the callback computes
        {"event_loop_pool", run_event_loop_pool},  // it hands the computation to the pool
    };

    for (const std::chrono::milliseconds block : settings.blocks)
      for (const Model& model : models)
        experiment.add(measure_model(model, {settings.ticks, settings.interval, block}));
    return experiment.run();
  });
}
