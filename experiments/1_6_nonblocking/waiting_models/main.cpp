// Question       One server, N clients: what does each way of waiting cost?
// Fixed          64-byte echo over loopback, one request in flight per client, as many messages in
//                all however many clients; the server on one core, the clients on another.
// Varied         model; clients 1 to 5,000.
// Expect         blocking serves one client at a time, so its tail grows with N. Threads and
//                processes serve all, for memory and switches. select and poll ask after everybody
//                each time; epoll and io_uring don't.
// Does not show  real networks; several cores; clients that come and go; work between the messages.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "serve_alone.hpp"
#include "settings.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "waiting_models",
                           .section = "1_6_nonblocking",
                           .title = "An echo server for N clients, by every way of waiting",
                           .baseline = "epoll"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    using enum Staff;
    const int all = 1 << 20;
    // clang-format off
    const Model models[] = {
        // name                 mechanism                  who serves    at once the limit
        {"blocking",            serve_blocking,            kOne,         4'000, "a full backlog"},
        {"nonblocking",         serve_nonblocking,         kOne,         all,   ""},
        {"threads",             serve_threads,             kThreadEach,  all,   ""},
        {"thread_pool",         serve_thread_pool,         kPool,        all,   ""},
        {"processes",           serve_processes,           kProcessEach, 1'000, "a process each"},
        {"select",              serve_select,              kOne,         1'000, "FD_SETSIZE, 1024"},
        {"poll",                serve_poll,                kOne,         all,   ""},
        {"epoll",               serve_epoll,               kOne,         all,   ""},
        {"epoll_edge",          serve_epoll_edge,          kOne,         all,   ""},
        {"io_uring",            serve_io_uring,            kOne,         all,   ""},
        {"event_loop",          serve_event_loop,          kOne,         all,   ""},
        {"coroutines",          serve_coroutines,          kOne,         all,   ""},
        {"coroutines_io_uring", serve_coroutines_io_uring, kOne,         all,   ""},
    };
    // clang-format on

    if (!settings.serve.empty()) return serve_alone(models, settings);
    for (const int clients : settings.clients)
      for (const Model& model : models) experiment.add(measure_model(model, clients, settings));
    return experiment.run();
  });
}
