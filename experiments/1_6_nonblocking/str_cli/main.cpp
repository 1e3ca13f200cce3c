// Question       2,000 lines to a server far away, which sends each back: how must the client be
//                built, so that it doesn't wait for each of them?
// Fixed          the lines; a round trip of 175 ms, as in the book, with time scaled down (--scale:
//                1 is the book's). It is made in user space, in a process of its own.
// Varied         the client's design: stop-and-wait, select with blocking calls, non-blocking, two
//                processes, two threads.
// Expect         stop-and-wait takes lines x round trip, and no less. All others take a few round
//                trips at most (one, where it is long), since their lines are on their way at once.
// Does not show  a line that is lost, or a link of little bandwidth; Stevens' seconds, of which the
//                link had its part.
#include "far_echo.hpp"
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "str_cli",
                           .section = "1_6_nonblocking",
                           .title = "2,000 lines over a long round trip: five clients (Stevens)",
                           .baseline = "stop_and_wait"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name             mechanism          a round trip for each line?
        {"stop_and_wait",   run_stop_and_wait, true},
        {"select",          run_select,        false},
        {"nonblocking",     run_nonblocking,   false},
        {"processes",       run_processes,     false},
        {"threads",         run_threads,       false},
    };
    // clang-format on

    const FarEcho server(settings.round_trip());
    for (const Model& model : models)
      experiment.add(measure_model(model, settings, server.endpoint()));
    return experiment.run();
  });
}
