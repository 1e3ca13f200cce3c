// Question       Threads or processes?
// Fixed          four jobs, all alike, a thread or a process for each.
// Varied         the work: cpu (only computes), io (only waits for a server); CPython or C++; who
//                runs it.
// Expect         Waiting: threads and processes gain, in both languages. Computing: in CPython
//                only processes gain; in C++ threads do as well, and cost less.
// Does not show  what sharing data costs between processes; more jobs than cores.
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "os/affinity.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

namespace {

Workload four_jobs(const Target& target, Job job)
{
  Workload jobs{.target = target};
  for (job.number = 0; job.number < 4; ++job.number) jobs.jobs.push_back(job);
  return jobs;
}

/// One request in each language: CPython's first one imports for 30 ms. What fails here will fail
/// in the series, and be told there.
void warm_up(Workload waits)
{
  waits.jobs.resize(1);
  run_blocking(waits);
  try {
    run_python_blocking(waits);
  } catch (const std::exception&) {
  }
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "who_may_run_python",
         .section = "1_5_gil",
         .title =
             "Threads or processes? CPython and C++, for work that computes and work that waits",
         .baseline = "blocking"});
    std::string address;
    std::chrono::milliseconds wait{0};
    experiment.option("--target", address,
                      "Wait on the HTTP server at host:port instead of our slow server");
    experiment.option("--wait-ms", wait,
                      "What each waiting job asks the server to take (quick: 15, full: 50)");
    experiment.parse(argc, argv);
    if (wait.count() == 0) wait = std::chrono::milliseconds(experiment.pick(2, 15, 50));

    const int all = 1 << 20;
    const int cores = usable_cores();
    // C++ computes some hundred times faster: its number is greater, so that a job takes about as
    // long.
    const int fib_python = experiment.pick(12, 26, 30);
    const int fib_cpp = experiment.pick(22, 36, 40);
    // clang-format off
    const Model models[] = {
        // name        language   mechanism             waits, computes at once; what it computes
        {"blocking",  "cpython",  run_python_blocking,  1,     1,                fib_python},
        {"threads",   "cpython",  run_python_threads,   all,   1,                fib_python},
        {"processes", "cpython",  run_python_processes, all,   cores,            fib_python},
        {"blocking",  "cpp",      run_blocking,         1,     1,                fib_cpp},
        {"threads",   "cpp",      run_threads,          all,   cores,            fib_cpp},
        {"processes", "cpp",      run_processes,        all,   cores,            fib_cpp},
    };
    // clang-format on

    const TargetServer server(address, std::chrono::seconds(10));
    const Workload waits = four_jobs(server.target(), {.wait = wait});
    warm_up(waits);
    for (const Model& model : models)
      experiment.add(measure_model(model, "cpu", four_jobs(server.target(), {.fib = model.fib})));
    for (const Model& model : models) experiment.add(measure_model(model, "io", waits));
    return experiment.run();
  });
}
