// Question       Which model for which kind of work: waiting, computing, or both?
// Fixed          each job makes one request to a slow server, then computes one Fibonacci number;
//                all jobs are alike.
// Varied         model; work: io (only waits), cpu (only computes), mixed; number of jobs.
// Expect         io: about the longest wait instead of the sum, for models that wait for all at once.
//                cpu: the number of cores and no further; the loop alone gains nothing.
// Does not show  real networks; jobs of different lengths; more than this machine's cores.
#include "bound.hpp"
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "models.hpp"
#include "os/affinity.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "matrix",
                           .section = "1_2_io_cpu",
                           .title = "Every model, on work that waits, work that computes, and both",
                           .baseline = "blocking"});
    Settings settings;
    settings.add_to(experiment);
    experiment.parse(argc, argv);
    settings.complete(experiment);

    const int all = 1 << 20;
    const int cores = usable_cores();
    // clang-format off
    const Model models[] = {
        // name              mechanism           waits at once             computes at once
        {"blocking",         run_blocking,        {1,                       1}},
        {"threads",          run_threads,         {all,                     cores}},
        {"thread_pool",      run_thread_pool,     {settings.pool_threads,   cores}},
        {"tbb",              run_tbb,             {cores,                   cores}},
        {"processes",        run_processes,       {all,                     cores}},
        {"process_pool",     run_process_pool,    {settings.pool_processes, cores}},
        {"event_loop",       run_event_loop,      {all,                     1}},
        {"coroutines",       run_coroutines,      {all,                     1}},
        {"event_loop_pool",  run_event_loop_pool, {all,                     cores}},
    };
    // clang-format on

    const TargetServer server(settings.target, settings.deadline);
    warm_up(settings, server.target());
    for (const std::string work : {"io", "cpu", "mixed"})
      for (const int jobs : settings.jobs)
        for (const Model& model : models)
          experiment.add(measure_model(model, work, jobs, settings, server.target()));
    return experiment.run();
  });
}
