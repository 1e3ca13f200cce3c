// Question       CPython's threads don't compute at once: do they wait at once?
// Fixed          two requests to a server that takes its time: listings 1.7 and 1.8 of the
//                chapter, with http.client.
// Varied         one after the other, or a thread each; CPython or C++.
// Expect         twice as fast with threads, in CPython as in C++: the lock is released while a
//                thread waits.
// Does not show  how many threads that is good for, and what there is instead of them: section
//                1.2.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

namespace {

Workload requests_to(const Target& target, int count, std::chrono::milliseconds wait)
{
  Workload requests{.target = target};
  for (int i = 0; i < count; ++i)
    requests.jobs.push_back({.number = static_cast<std::uint32_t>(i), .wait = wait});
  return requests;
}

/// Makes a request in each language, so that no series pays for what is done once in a process:
/// CPython imports for 30 ms. What fails here will fail in the series, and be told there.
void warm_up(const Target& target)
{
  const Workload one = requests_to(target, 1, std::chrono::milliseconds(1));
  run_cpp_blocking(one);
  try {
    run_listing_1_7(one);
  } catch (const std::exception&) {
  }
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "two_requests_python",
         .section = "1_5_gil",
         .title = "Two requests, in CPython and in C++: one after the other, and a thread each",
         .baseline = "blocking"});
    using std::chrono::milliseconds;
    std::string address;
    milliseconds deadline{10'000};
    milliseconds wait{0};
    int count = 2;
    experiment.option("--target", address,
                      "Ask the HTTP server at host:port instead of our slow server");
    experiment.option("--deadline-ms", deadline, "The longest that one request may take");
    experiment.option("--wait-ms", wait,
                      "What each request asks the server to take (quick: 30, full: 100)");
    experiment.option("--requests", count, "How many requests; the book has 2");
    experiment.parse(argc, argv);
    if (wait.count() == 0)
      wait = experiment.pick(milliseconds(2), milliseconds(30), milliseconds(100));

    // clang-format off
    const Model models[] = {
        // name        language   mechanism          waits at once?
        {"blocking",   "cpython", run_listing_1_7,   false},
        {"threads",    "cpython", run_listing_1_8,   true},
        {"blocking",   "cpp",     run_cpp_blocking,  false},
        {"threads",    "cpp",     run_cpp_threads,   true},
    };
    // clang-format on

    const TargetServer server(address, deadline);
    warm_up(server.target());
    const Workload requests = requests_to(server.target(), count, wait);
    for (const Model& model : models) experiment.add(measure_model(model, requests));
    return experiment.run();
  });
}
