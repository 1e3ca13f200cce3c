// Question       Non-blocking sockets and epoll spare us the waiting for clients. What spares us the
//                waiting for a disk?
// Fixed          a file's blocks of 16 KiB, all of them, in scattered order.
// Varied         who reads; cold (the kernel's cache was emptied) and warm.
// Expect         epoll refuses the file (EPERM), poll says "ready" and read waits all the same. What
//                remains: threads that wait in its place, or io_uring. Cold, many at once gain where
//                the disk serves many at once; warm, handing over costs more than it gains.
// Does not show  a disk of its own: a virtual machine's may be a file in its host's memory; writing;
//                reading ahead, which is switched off here.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "file_reads",
                           .section = "1_6_nonblocking",
                           .title = "Reading a regular file, which epoll refuses to wait for",
                           .baseline = "blocking"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name          mechanism
        {"blocking",     prepare_blocking},
        {"poll",         prepare_poll},
        {"epoll",        prepare_epoll},
        {"thread_pool",  prepare_thread_pool},
        {"io_uring",     prepare_io_uring},
    };
    // clang-format on

    TestFile file(settings.folder, settings.blocks);
    for (const Cache cache : {Cache::kCold, Cache::kWarm})
      for (const Model& model : models)
        experiment.add(measure_model(model, cache, settings.pool_threads, file));
    return experiment.run();
  });
}
