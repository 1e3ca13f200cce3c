// Question       What do the machine's cores give, now, to programs that share nothing and never wait?
// Fixed          fib(32), 64 times in all, as the figures of `matrix` have it.
// Varied         alone: on one core; side_by_side: as many bare children as cores, each of which
//                takes the next until none is left, so that a slower core does fewer.
// Expect         on an idle machine side_by_side does cores times as much in the same time. What
//                it lacks, a pool lacks too: the host runs others there, or two cores are one
//                core's two threads.
// Does not show  anything of this project: a child does nothing but compute.
#include <algorithm>
#include <atomic>
#include <vector>

#include "base/errors.hpp"
#include "harness/experiment.hpp"
#include "os/affinity.hpp"
#include "os/child.hpp"
#include "os/shared.hpp"
#include "work/fibonacci.hpp"

using namespace two_cakes;

namespace {

constexpr int kJobs = 64;
constexpr int kFib = 32;

bool compute_one() { return fib(kFib) == known_fib(kFib); }

// Both return whether all answers were right, and no child was lost.
bool alone(int jobs)
{
  bool good = true;
  for (int i = 0; i < jobs; ++i) good = compute_one() && good;
  return good;
}

bool side_by_side(int jobs)
{
  Shared<std::atomic<int>> left;
  *left = jobs;
  const auto take_until_none_is_left = [&] {
    bool good = true;
    while (--*left >= 0) good = compute_one() && good;
    return good ? 0 : 1;
  };
  std::vector<Child> children;
  for (int i = 0; i < usable_cores(); ++i) children.push_back(Child::fork(take_until_none_is_left));
  return std::all_of(children.begin(), children.end(),
                     [](Child& child) { return child.wait().good(); });
}

Series measure_way(const char* model, bool (*run)(int), int jobs)
{
  return {model, {}, [=](benchmark::State& state) {
            measure(
                state, [=] { return run(jobs); },
                [jobs](bool good, Report& report) {
                  if (!good) throw WrongAnswer("a child was lost, or its fib() was wrong");
                  report.units += jobs;
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
