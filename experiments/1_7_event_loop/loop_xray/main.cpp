// Question       Three requests on one thread: who runs, who waits, and who is ready but not yet
//                served?
// Fixed          each request: set-up that computes, a wait for the slow server, post-processing that
//                computes. One thread.
// Varied         one request after the other, or a task for each on an event loop; whether somebody
//                takes notes.
// Expect         the loop runs a task until it waits, and meanwhile the next: the waits lie on top of
//                each other, the computing doesn't. Whose answer comes while another computes is
//                ready, and has to wait for its turn. Taking notes costs nothing when off, and tens
//                of nanoseconds a step when on.
// Does not show  several cores, nor what becomes of a task that computes for long: blocked_loop.
#include "harness/experiment.hpp"
#include "measure_observer.hpp"
#include "measure_requests.hpp"
#include "settings.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "loop_xray",
                           .section = "1_7_event_loop",
                           .title = "Three requests on one thread, step by step",
                           .baseline = "blocking"});
    Settings settings;
    settings.add_to(experiment);
    Timeline& timeline = experiment.timeline();
    experiment.parse(argc, argv);
    settings.complete(experiment);

    const TargetServer server(settings.target, settings.deadline);
    const Requests requests = settings.requests_to(server.target());
    experiment.add(measure_requests({"blocking", run_blocking}, requests, &timeline));
    experiment.add(measure_requests({"coroutines", run_coroutines}, requests, &timeline));
    experiment.add(measure_requests({"coroutines", run_coroutines}, requests, nullptr));

    for (const bool observed : {false, true})
      experiment.add(measure_observer(settings.steps, observed));
    return experiment.run();
  });
}
