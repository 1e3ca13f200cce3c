// Question       A long task goes on in the background. How is its starter told that it has ended,
//                and how long after the end?
// Fixed          the task: a computation of 3 ms (full: 10 ms), 20 times one after the other (full:
//                100); its starter's own work meanwhile: a quarter of that.
// Varied         the way of being told.
// Expect         a callback comes at once, but on the other thread. Waking a thread that waits
//                takes tens of microseconds, by whichever way. A child whose death is the news
//                takes longest, for a process must be taken down first.
// Does not show  a starter that is busy when the task ends: but for the callback, the news waits
//                for it.
#include "harness/experiment.hpp"
#include "long_task.hpp"
#include "measure_way.hpp"
#include "ways.hpp"
#include "work/fibonacci.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "notify_when_done",
         .section = "1_1_asynchronous",
         .title = "From the end of a background task to the moment its starter knows",
         .baseline = "future"});
    int rounds = 0;
    std::chrono::milliseconds length{0};
    experiment.option("--rounds", rounds, "How many tasks, one after the other (0: by sweep)", 0);
    experiment.option("--task-ms", length, "How long a task takes (0: quick 3, full 10)");
    experiment.parse(argc, argv);
    using std::chrono::milliseconds;
    if (rounds == 0) rounds = experiment.pick(2, 20, 100);
    if (length.count() == 0)
      length = experiment.pick(milliseconds(2), milliseconds(3), milliseconds(10));

    // clang-format off
    const Way ways[] = {
        // name                mechanism                       the task's in    its starter
        {"future",             told_by_future},                // a thread,      asks, and waits
        {"condition_variable", told_by_condition_variable},    // a thread,      waits for a flag
        {"callback",           told_by_callback},              // a thread,      needn't wait
        {"eventfd",            told_by_eventfd},               // a thread,      runs a loop
        {"coroutine",          told_by_coroutine},             // a thread,      awaits, on a loop
        {"sigchld",            told_by_sigchld},               // a child,       runs a loop
        {"waitpid",            told_by_waitpid},               // a child,       asks, and waits
    };
    // clang-format on

    const auto per_fib = seconds_for_fib(kFib);
    for (const Way& way : ways) experiment.add(measure_way(way, length, per_fib, rounds));
    return experiment.run();
  });
}
