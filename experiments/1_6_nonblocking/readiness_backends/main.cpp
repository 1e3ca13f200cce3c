// Question       One descriptor is ready among N that aren't: what does it cost to be told?
// Fixed          each descriptor is an eventfd; one of them, the last, is ready all the time.
// Varied         who is asked; N.
// Expect         select and poll look at each of the N, in each wait. epoll (and kqueue, io_uring)
//                keep the list in the kernel and hand out what is ready: N costs nothing.
//                select has no room for descriptors from FD_SETSIZE on, and is skipped there.
// Does not show  many ready at once, where the list is short work for all of them; what it costs to
//                put a descriptor on the list; sockets, whose look-up is dearer than an eventfd's.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "readiness_backends",
                           .section = "1_6_nonblocking",
                           .title = "One ready among N idle descriptors: the cost of a wait",
                           .baseline = "bare_epoll_wait"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    // clang-format off
    const Model models[] = {
        // name              mechanism
        {"bare_epoll_wait",  prepare_bare_epoll_wait},
        {"select",           prepare_poller},
        {"poll",             prepare_poller},
        {"epoll",            prepare_poller},
        {"epoll_edge",       prepare_poller},
        {"kqueue",           prepare_poller},
        {"io_uring",         prepare_io_uring},
    };
    // clang-format on

    Descriptors descriptors;
    for (const int count : settings.counts)
      for (const Model& model : models) experiment.add(measure_model(model, count, descriptors));
    return experiment.run();
  });
}
