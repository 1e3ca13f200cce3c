// Question       What does the harness add to an iteration of Google Benchmark's own loop?
// Fixed          an empty body, one thread.
// Varied         plain: Google Benchmark's loop alone; measured: measure(), with its two clock
//                readings and its check.
// Expect         loop_ns, the whole loop over its iterations, differs by less than 100 ns.
// Does not show  the cost of starting the meter, once for each series: all iterations share it.
#include "harness/experiment.hpp"

using namespace two_cakes;

namespace {

double nanoseconds_since(Clock::time_point start) { return to_seconds(Clock::now() - start) * 1e9; }

void plain_loop(benchmark::State& state)
{
  const auto start = Clock::now();
  for (auto _ : state) benchmark::ClobberMemory();
  state.counters["loop_ns"] = nanoseconds_since(start) / static_cast<double>(state.iterations());
}

void measured_loop(benchmark::State& state)
{
  const auto start = Clock::now();
  measure(
      state, [] { return 0; }, [](int, Report& report) { report.units += 1; });
  state.counters["loop_ns"] = nanoseconds_since(start) / static_cast<double>(state.iterations());
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "harness_overhead",
         .section = "figures",
         .title = "What the harness adds to an iteration of Google Benchmark's loop",
         .baseline = "plain"});
    experiment.parse(argc, argv);
    // The same number of iterations for both: a loop without a time of its own can't be sized by
    // it.
    const benchmark::IterationCount iterations = experiment.pick(1'000, 2'000'000, 20'000'000);
    benchmark::RegisterBenchmark("harness_overhead/plain", plain_loop)->Iterations(iterations);
    benchmark::RegisterBenchmark("harness_overhead/measured", measured_loop)
        ->Iterations(iterations)
        ->UseManualTime();
    return experiment.run();
  });
}
