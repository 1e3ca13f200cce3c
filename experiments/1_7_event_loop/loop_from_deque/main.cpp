// Question       The chapter's event loop is ten lines around a deque. What is wrong with it, and
//                what makes a real loop of it?
// Fixed          the work: conversations in which each message asks the next; then a loop that has
//                next to nothing to do, while it waits for messages from a thread, for timers, or for
//                a socket.
// Varied         the loop, one step after the other: deque (the chapter's), fifo, blocking_wait,
//                timers, sockets, coroutines. What it is given.
// Expect         deque takes the newest message first, so that the oldest conversation waits for
//                all others, and it burns a core whatever it waits for. fifo mends the order.
//                blocking_wait sleeps until a message comes, timers until a deadline too, sockets
//                until a descriptor is ready too. coroutines costs what sockets costs, and reads
//                better.
// Does not show  many clients (1.6), nor a loop made to be fast: common/tasks/event_loop.hpp.
#include "harness/experiment.hpp"
#include "measure_step.hpp"
#include "settings.hpp"
#include "steps.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "loop_from_deque",
                           .section = "1_7_event_loop",
                           .title = "From a deque to an event loop, step by step",
                           .baseline = "deque"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);

    // clang-format off
    const Step steps[] = {
        // name            mechanism           keeps the order?
        {"deque",         run_deque,          false},
        {"fifo",          run_fifo,           true},
        {"blocking_wait", run_blocking_wait,  true},
        {"timers",        run_timers,         true},
        {"sockets",       run_sockets,        true},
        {"coroutines",    run_coroutines,     true},
    };
    // clang-format on

    for (const Load& load : settings.loads(experiment))
      for (const Step& step : steps) experiment.add(measure_step(step, load));
    return experiment.run();
  });
}
