// Question       An application must tick every 10 ms. What happens to it while one slow operation
//                goes on?
// Fixed          one operation: 300 ms (quick: 60 ms) between two stretches of plain ticking.
// Varied         where the operation is done; whether it waits (a request) or computes.
// Expect         done in place it freezes the application for all of its length; in a thread, a
//                child or the loop's pool it doesn't. A task on the loop keeps it alive while it
//                waits, and freezes it while it computes. The operation takes as long everywhere.
// Does not show  many operations at once (1.2), nor how the application learns of the end:
//                notify_when_done.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "models.hpp"
#include "settings.hpp"
#include "watch.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "frozen_spinner",
         .section = "1_1_asynchronous",
         .title = "One slow operation, and an application that must tick meanwhile",
         .baseline = "blocking"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, spell_out_watch(argc, argv));
    settings.complete(experiment);

    const Model models[] = {
        {"blocking", run_blocking},                // in place
        {"threads", run_threads},                  // in a thread of its own
        {"processes", run_processes},              // in a child process
        {"coroutines", run_coroutines},            // as a task on the application's loop
        {"event_loop_pool", run_event_loop_pool},  // in the loop's pool of threads
    };

    const TargetServer server(settings.target, settings.deadline);
    const Operation operations[] = {a_request(settings.length, server.target()),
                                    a_computation(settings.length, server.target())};
    if (!settings.watch.empty()) return watch(models, operations, settings);
    for (const Operation& operation : operations)
      for (const Model& model : models)
        experiment.add(measure_model(model, operation, settings.interval));
    return experiment.run();
  });
}
