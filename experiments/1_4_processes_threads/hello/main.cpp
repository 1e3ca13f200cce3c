// Question       What is a process, what is a thread, and what does the system show of each?
// Fixed          one greeting; it is compared with what /proc shows meanwhile.
// Varied         who greets: the program itself, a new thread, a new child (listings 1.2 to 1.4).
// Expect         a thread has a number of its own and its process's; a child has both of its own, our
//                process as its parent, and one thread, however many we have.
// Does not show  what they cost with nothing else (birth_cost), or share (separate_memory).
#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "hello",
         .section = "1_4_processes_threads",
         .title = "Listings 1.2 to 1.4: greetings from a process, a thread, a child",
         .baseline = ""});
    int aloud = 0;
    experiment.option("--aloud", aloud, "1: print what each one says of itself", 0);
    experiment.parse(argc, argv);

    // clang-format off
    const Model models[] = {
        // name       who            listing  our process  our thread
        {"blocking",  meet_myself,   "1.2",   true,        true},
        {"threads",   meet_a_thread, "1.3",   true,        false},
        {"processes", meet_a_child,  "1.4",   false,       false},
    };
    // clang-format on

    for (const Model& model : models) experiment.add(measure_model(model, aloud != 0));
    return experiment.run();
  });
}
