// Question       Two GETs from a slow server: how long, one after the other, in two threads, and on
//                one thread that waits for both at once?
// Fixed          two requests, each on a connection of its own; the server lets each wait equally.
// Varied         how they are waited for; the server's delay d.
// Expect         one after the other 2d. Two threads d. One thread with poll or epoll d too: for
//                waiting, a second thread isn't needed.
// Does not show  many requests (matrix, waiting_models); what else the thread could do meanwhile.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "two_requests",
                           .section = "1_6_nonblocking",
                           .title = "Listings 1.7 and 1.8: two GETs, waited for in four ways",
                           .baseline = "blocking"});
    std::chrono::milliseconds wait{0};
    std::chrono::milliseconds deadline{10'000};
    std::string address;
    experiment.option("--wait-ms", wait, "The server's delay (0: quick 10, 20 and 40)");
    experiment.option("--deadline-ms", deadline, "The longest that one request may take");
    experiment.option("--target", address, "host:port of another HTTP server, instead of our own");
    experiment.parse(argc, argv);
    using Delays = std::vector<std::chrono::milliseconds>;
    const Delays delays =
        wait.count() > 0 ? Delays{wait}
                         : experiment.pick<Delays>({5ms}, {10ms, 20ms, 40ms}, {10ms, 40ms, 160ms});

    // clang-format off
    const Model models[] = {
        // name       mechanism     both at once?
        {"blocking",  run_blocking, false},
        {"threads",   run_threads,  true},
        {"poll",      run_poll,     true},
        {"epoll",     run_epoll,    true},
    };
    // clang-format on

    const TargetServer server(address, deadline);
    for (const auto each : delays)
      for (const Model& model : models) experiment.add(measure_model(model, each, server.target()));
    return experiment.run();
  });
}
