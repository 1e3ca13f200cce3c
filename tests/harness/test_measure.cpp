#include "harness/measure.hpp"

#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "one_series.hpp"
#include "os/child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("each result is checked once, and the units are per iteration")
{
  int runs = 0;
  std::vector<int> checked;
  const Run run = run_series_once(
      [&](benchmark::State& state) {
        const auto check = [&](int result, Report& report) {
          checked.push_back(result);
          report.units += 10;
        };
        measure(
            state, [&] { return ++runs; }, check);
      },
      4);
  REQUIRE(problem_of(run).empty());
  REQUIRE(run.iterations == 4);
  REQUIRE(checked == std::vector<int>{1, 2, 3, 4});
  REQUIRE(counter(run, "units") == 10);
}

TEST_CASE("time is what the run takes, and not what its check takes")
{
  const auto begin = Clock::now();
  const auto sleep = [](std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
    return 0;
  };
  const Run run = run_series_once(
      [&](benchmark::State& state) {
        measure(
            state, [&] { return sleep(10ms); }, [&](int, Report&) { sleep(50ms); });
      },
      2);
  const double whole_s = to_seconds(Clock::now() - begin);
  REQUIRE(run.real_accumulated_time >= 0.020);
  REQUIRE(run.real_accumulated_time <= whole_s - 0.100);
}

TEST_CASE("all costs are there, and a child's too")
{
  const Run run = run_series_once(
      [](benchmark::State& state) {
        const auto in_a_child = [] {
          return Child::fork([] {
                   const auto end = cpu_time_of_thread() + 30ms;
                   while (cpu_time_of_thread() < end) {
                   }
                   return 0;
                 })
              .wait();
        };
        measure(state, in_a_child,
                [](const ExitStatus& status, Report& report) { report.units += status.good(); });
      },
      2);
  REQUIRE(counter(run, "units") == 1);
  REQUIRE(counter(run, "user_s") + counter(run, "system_s") >= 0.020);
  REQUIRE(counter(run, "peak_processes") == 2);
  REQUIRE(counter(run, "peak_threads") >= 1);
  REQUIRE(counter(run, "peak_memory_bytes") > 0);
  REQUIRE(counter(run, "voluntary_switches") >= 1);
  REQUIRE(counter(run, "involuntary_switches") >= 0);
}

TEST_CASE("what the check reports is published: latencies, counters, the bound and its name")
{
  const Run run = run_series_once([](benchmark::State& state) {
    measure(
        state, [] { return 0; },
        [](int, Report& report) {
          const Clock::time_point start{1h};
          report.latencies.add(start, start + 3ms);
          report.counters = {{"computing_s", 0.25}};
          report.bound_s = 0.5;
          report.bound_name = "longest wait";
        });
  });
  REQUIRE(counter(run, "p50_ms") == 3);
  REQUIRE(counter(run, "max_ms") == 3);
  REQUIRE(counter(run, "computing_s") == 0.25);
  REQUIRE(counter(run, "bound_s") == 0.5);
  REQUIRE(run.report_label == "longest wait");
}

TEST_CASE("without a bound and latencies there are none")
{
  const Run run = run_series_once([](benchmark::State& state) {
    measure(
        state, [] { return 0; }, [](int, Report&) {});
  });
  REQUIRE(counter(run, "bound_s") == -1);
  REQUIRE(counter(run, "p50_ms") == -1);
  REQUIRE(run.report_label.empty());
}

TEST_CASE("a wrong answer is an error of the series, and ends it")
{
  const std::size_t before = failures().count;
  int runs = 0;
  const Run run = run_series_once(
      [&](benchmark::State& state) {
        measure(
            state, [&] { return ++runs; },
            [](int result, Report&) {
              if (result == 2) throw WrongAnswer("6 * 7 is 42");
            });
      },
      5);
  REQUIRE(problem_of(run) == "6 * 7 is 42");
  REQUIRE(runs == 2);
  REQUIRE(failures().count == before + 1);
  REQUIRE(!failures().first.empty());
}

TEST_CASE("any exception of the run is an error too")
{
  const Run run = run_series_once([](benchmark::State& state) {
    const auto fail = []() -> int { throw SyscallError(ECONNREFUSED, "connect", "127.0.0.1:1"); };
    measure(state, fail, [](int, Report&) {});
  });
  REQUIRE(problem_of(run) == "connect 127.0.0.1:1: Connection refused");
}

TEST_CASE("what this machine can't do is skipped with the reason, and is no failure")
{
  const std::size_t before = failures().count;
  const Run run = run_series_once([](benchmark::State& state) {
    run_series(state, [] { throw Skipped("no io_uring here"); });
  });
  REQUIRE(problem_of(run) == "skipped: no io_uring here");
  REQUIRE(failures().count == before);
}

TEST_CASE("a series that failed leaves no thread behind, and the next one is measured")
{
  const std::size_t before = living_threads();
  run_series_once([](benchmark::State& state) {
    measure(
        state, [] { return 0; }, [](int, Report&) { throw WrongAnswer("no"); });
  });
  REQUIRE(living_threads() == before);
  const Run next = run_series_once([](benchmark::State& state) {
    measure(
        state, [] { return 0; }, [](int, Report& report) { report.units += 1; });
  });
  REQUIRE(problem_of(next).empty());
  REQUIRE(counter(next, "units") == 1);
}
