// Question       What do the machine's cores give, now, to programs that share nothing and never wait?
// Fixed          fib(32), 64 times in all, as the figures of `matrix` have it.
// Varied         alone: on one core; side_by_side: as many bare children as cores, an equal part
//                for each.
// Expect         on an idle machine side_by_side does cores times as much in the same time. What
//                it lacks, no pool can reach either: the host runs others there, or two cores are
//                one core's two threads.
// Does not show  anything of this project: a child does nothing but compute.
#include <algorithm>
#include <vector>

#include "base/errors.hpp"
#include "harness/experiment.hpp"
#include "os/affinity.hpp"
#include "os/child.hpp"
#include "work/fibonacci.hpp"

using namespace two_cakes;

namespace {

constexpr int kJobs = 64;
constexpr int kFib = 32;

int compute(int jobs)
{
  for (int i = 0; i < jobs; ++i)
    if (fib(kFib) != known_fib(kFib)) return 1;
  return 0;
}

// Both return how many jobs were done; 0 where an answer was wrong or a child was lost.
int alone(int jobs) { return compute(jobs) == 0 ? jobs : 0; }

int side_by_side(int jobs)
{
  const int cores = usable_cores();
  const int each = std::max(1, jobs / cores);
  std::vector<Child> children;
  for (int i = 0; i < cores; ++i) children.push_back(Child::fork([each] { return compute(each); }));
  const bool good = std::all_of(children.begin(), children.end(),
                                [](Child& child) { return child.wait().good(); });
  return good ? cores * each : 0;
}

Series measure_way(const char* model, int (*run)(int), int jobs)
{
  return {model, {}, [=](benchmark::State& state) {
            measure(
                state, [=] { return run(jobs); },
                [](int done, Report& report) {
                  if (done == 0) throw WrongAnswer("a child was lost, or its fib() was wrong");
                  report.units += done;
                });
          }};
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "idle_cores",
                           .section = "figures",
                           .title = "What the cores give to programs that share nothing",
                           .baseline = "alone"});
    experiment.parse(argc, argv);
    const int jobs = experiment.pick(2, kJobs, kJobs);
    experiment.add(measure_way("alone", alone, jobs));
    experiment.add(measure_way("side_by_side", side_by_side, jobs));
    return experiment.run();
  });
}
