// Question       Two cakes: when does one oven do, and when does it take two?
// Fixed          a cake is so many turns of work, which needs the oven, each with a pause behind it,
//                which needs nothing. An oven is a core, and the baker a thread that is bound to it.
// Varied         one cake after the other, both at once in one oven, both at once in two; how much
//                of a turn is pause; cakes.
// Expect         serial takes the sum of everything. Concurrent fills one cake's pauses with the
//                other's work: it gains where there are pauses, even with one oven, and nothing where
//                there are none. Parallel gains from work too, and needs the second oven.
// Does not show  who switches, and at what price: preemptive_cooperative, next door.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "two_cakes",
                           .section = "1_3_concurrency",
                           .title = "Two cakes in one oven and in two",
                           .baseline = "serial"});
    Settings settings;
    settings.add_to(experiment);
    Timeline& timeline = experiment.timeline();
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name         mechanism        ovens
        {"serial",     bake_serial,     1},
        {"concurrent", bake_concurrent, 1},
        {"parallel",   bake_parallel,   settings.ovens},
    };
    // clang-format on

    for (const Order& order : settings.orders)
      for (const Model& model : models) experiment.add(measure_model(model, order, timeline));
    return experiment.run();
  });
}
