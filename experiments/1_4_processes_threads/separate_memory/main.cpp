// Question       Who sees what was written, and what does it cost to keep it apart?
// Fixed          pages that the parent has written; another one reads or writes a byte of each.
// Varied         who: a thread, a child, a child with memory that is shared on purpose; pages.
// Expect         what a thread writes the parent sees; what a child writes it doesn't, and each page
//                costs a page fault and a copy, at the first write and not before. Shared memory is
//                seen again: it costs faults (a child finds its tables empty), and no copy.
// Does not show  what the parent pays when it writes first; caches and locks (ipc, granularity).
#include "harness/experiment.hpp"
#include "measure_model.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "separate_memory",
         .section = "1_4_processes_threads",
         .title = "What a child writes the parent doesn't see; a thread's it does",
         .baseline = "threads"});
    int pages = 0;
    experiment.option("--pages", pages, "How many pages (0: quick 4096, full 4096 and 65536)", 0);
    experiment.parse(argc, argv);
    auto counts = experiment.pick<std::vector<int>>({1'024}, {4'096}, {4'096, 65'536});
    if (pages != 0) counts = {pages};

    // clang-format off
    const Model models[] = {
        // name           who              memory             parent sees  copied when written
        {"threads",       touch_in_thread, Sharing::kPrivate, true,        false},
        {"processes",     touch_in_child,  Sharing::kPrivate, false,       true},
        {"shared_memory", touch_in_child,  Sharing::kShared,  true,        false},
    };
    // clang-format on

    for (const Touch how : {Touch::kReads, Touch::kWrites})
      for (const int count : counts)
        for (const Model& model : models) experiment.add(measure_model(model, how, count));
    return experiment.run();
  });
}
