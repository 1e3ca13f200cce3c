// Question       What does it cost to hand a task to a pool, and to make the pool?
// Fixed          tasks of about 100 ns of computing; as many workers as cores.
// Varied         how: one_by_one (posted singly, nobody waits for each), futures (each with a future),
//                bulk (a parallel loop), birth (256 threads made, used once, joined); the pool.
// Expect         overhead_ns, the cores' time for a task beyond its own computing: less than oneTBB's
//                task_group one by one, as little as its parallel_for in bulk.
// Does not show  tasks that wait; many who submit at once.
#include <tbb/parallel_for.h>
#include <tbb/task_group.h>

#include <atomic>

#include "base/errors.hpp"
#include "harness/experiment.hpp"
#include "os/affinity.hpp"
#include "tasks/parallel_for.hpp"
#include "tasks/thread_pool.hpp"

using namespace two_cakes;

namespace {

constexpr int kBirths = 256;

/// A chain of dependent steps; the result keeps the compiler from leaving it out.
std::uint64_t compute(int rounds)
{
  std::uint64_t value = 1;
  for (int i = 0; i < rounds; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  benchmark::DoNotOptimize(value);
  return value & 1;
}

double nanoseconds_for(int rounds, int times)
{
  const auto start = Clock::now();
  for (int i = 0; i < times; ++i) compute(rounds);
  return to_seconds(Clock::now() - start) * 1e9 / times;
}

int rounds_for(double nanoseconds)
{
  constexpr int kMany = 1000;
  double fastest_ns = nanoseconds_for(kMany, 1000);
  for (int i = 0; i < 20; ++i) fastest_ns = std::min(fastest_ns, nanoseconds_for(kMany, 1000));
  return std::max(1, static_cast<int>(nanoseconds / (fastest_ns / kMany)));
}

struct Work {
  int tasks;
  int rounds;
};

void tbb_one_by_one(const Work& work)
{
  tbb::task_group group;
  for (int i = 0; i < work.tasks; ++i) group.run([rounds = work.rounds] { compute(rounds); });
  group.wait();
}

void pool_one_by_one(const Work& work)
{
  ThreadPool pool(usable_cores());
  for (int i = 0; i < work.tasks; ++i) pool.post([rounds = work.rounds] { compute(rounds); });
}

void pool_futures(const Work& work)
{
  ThreadPool pool(usable_cores());
  std::vector<std::future<std::uint64_t>> futures;
  futures.reserve(static_cast<std::size_t>(work.tasks));
  for (int i = 0; i < work.tasks; ++i)
    futures.push_back(pool.submit([rounds = work.rounds] { return compute(rounds); }));
  for (auto& future : futures) future.get();
}

void tbb_bulk(const Work& work)
{
  tbb::parallel_for(0, work.tasks, [rounds = work.rounds](int) { compute(rounds); });
}

void pool_bulk(const Work& work)
{
  static ThreadPool pool(usable_cores());  // oneTBB's workers are made once too
  parallel_for(pool, static_cast<std::size_t>(work.tasks),
               [rounds = work.rounds](std::size_t) { compute(rounds); });
}

void birth(const Work&)
{
  ThreadPool pool(kBirths);
  for (int i = 0; i < kBirths; ++i) pool.post([] {});
}

Series measure_way(const char* model, const char* how, void (*run)(const Work&), const Work& work)
{
  const auto body = [=](benchmark::State& state) {
    double fastest_ns = 1e9;
    const auto timed = [&] {
      const auto start = Clock::now();
      run(work);
      return to_seconds(Clock::now() - start);
    };
    const auto check = [&](double seconds, Report& report) {
      report.units += work.tasks;
      const double each_ns = seconds * 1e9 * usable_cores() / work.tasks;
      fastest_ns = std::min(fastest_ns, each_ns - nanoseconds_for(work.rounds, 100'000));
      report.counters = {{"overhead_ns", fastest_ns}, {"wall_ms", seconds * 1e3}};
    };
    measure(state, timed, check);
  };
  return {model, {{"how", how}}, body};
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment({.name = "pool_overhead",
                           .section = "figures",
                           .title = "What a pool adds to a task of 100 ns",
                           .baseline = "tbb"});
    experiment.parse(argc, argv);
    const Work work{.tasks = experiment.pick(2'000, 2'000'000, 2'000'000),
                    .rounds = rounds_for(100)};
    experiment.add(measure_way("tbb", "one_by_one", tbb_one_by_one, work));
    experiment.add(measure_way("thread_pool", "one_by_one", pool_one_by_one, work));
    experiment.add(measure_way("thread_pool", "futures", pool_futures, work));
    experiment.add(measure_way("tbb", "bulk", tbb_bulk, work));
    experiment.add(measure_way("thread_pool", "bulk", pool_bulk, work));
    experiment.add(measure_way("thread_pool", "birth", birth, {.tasks = kBirths, .rounds = 1}));
    return experiment.run();
  });
}
