// Question       What does a message cost, from one process to another, or from thread to thread?
// Fixed          two sides; messages of one size; each has a number that the other side checks.
// Varied         the way; bytes in a message; one way as fast as they go, or there and back.
// Expect         through the kernel a message costs a call on each side: pipe, then Unix socket,
//                then TCP. Shared memory calls it only to sleep and to wake. Large messages cost
//                what copying costs: twice through the kernel, once between threads. There and back
//                all pay for two wake-ups, and the way hardly matters.
// Does not show  many who send at once; descriptors handed over; messages to another machine.
#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "ipc",
                           .section = "1_4_processes_threads",
                           .title = "What a message costs between processes and between threads",
                           .baseline = "pipe"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name           the way                 who is on the other side
        {"pipe",          link_by_pipe,           Who::kChild},
        {"unix_socket",   link_by_unix_socket,    Who::kChild},
        {"tcp",           link_by_tcp,            Who::kChild},
        {"shared_memory", link_by_shared_memory,  Who::kChild},
        {"threads",       link_by_queue,          Who::kThread},
    };
    // clang-format on

    for (const Pattern pattern : {Pattern::kStream, Pattern::kPingPong})
      for (const std::size_t bytes : settings.message_bytes)
        for (const Model& model : models)
          experiment.add(measure_model(model, pattern, bytes, settings));
    return experiment.run();
  });
}
