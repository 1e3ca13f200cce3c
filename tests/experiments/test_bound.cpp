// The analytic bounds of experiments/1_2_io_cpu/matrix: no model may be faster, so none may be too
// high.
#include "bound.hpp"

#include <algorithm>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

constexpr int kAll = 1 << 20;

Bound bound(int jobs, std::chrono::milliseconds wait, double compute_s, Width width)
{
  Workload workload;
  for (int i = 0; i < jobs; ++i)
    workload.jobs.push_back({.number = static_cast<std::uint32_t>(i), .wait = wait, .fib = 1});
  return bound_of(workload, width, compute_s);
}

bool is(double value, double expected) { return std::abs(value - expected) < 1e-9; }

/// How long a schedule really takes in which `width.waits` workers each wait and then compute, on
/// `width.computes` cores.
double schedule_s(int jobs, double wait_s, double compute_s, Width width)
{
  std::vector<double> workers(static_cast<std::size_t>(std::min(jobs, width.waits)), 0.0);
  std::vector<double> cores(static_cast<std::size_t>(width.computes), 0.0);
  double end_s = 0;
  for (int i = 0; i < jobs; ++i) {
    auto worker = std::min_element(workers.begin(), workers.end());
    auto core = std::min_element(cores.begin(), cores.end());
    *core = *worker = std::max(*worker + wait_s, *core) + compute_s;
    end_s = std::max(end_s, *worker);
  }
  return end_s;
}

}  // namespace

TEST_CASE("who only waits: the sum, the longest, or a share of the waits")
{
  REQUIRE(is(bound(50, 20ms, 0, {1, 1}).seconds, 1.0));
  REQUIRE(bound(50, 20ms, 0, {1, 1}).name == "sum of waits");
  REQUIRE(is(bound(1000, 20ms, 0, {kAll, 1}).seconds, 0.020));
  REQUIRE(bound(1000, 20ms, 0, {kAll, 1}).name == "longest wait");
  REQUIRE(is(bound(1000, 20ms, 0, {32, 2}).seconds, 32 * 0.020));  // 31 rounds of 32, and one of 8
  REQUIRE(bound(1000, 20ms, 0, {32, 2}).name == "waits / workers");
  REQUIRE(is(bound(32, 20ms, 0, {32, 2}).seconds, 0.020));
  REQUIRE(bound(32, 20ms, 0, {32, 2}).name == "longest wait");
  REQUIRE(is(bound(33, 20ms, 0, {32, 2}).seconds, 0.040));
}

TEST_CASE("who only computes: all of it on one core, or shared among the cores")
{
  REQUIRE(is(bound(64, 0ms, 0.010, {1, 1}).seconds, 0.640));
  REQUIRE(bound(64, 0ms, 0.010, {1, 1}).name == "all work on one core");
  REQUIRE(is(bound(64, 0ms, 0.010, {kAll, 1}).seconds, 0.640));  // the loop alone gains nothing
  REQUIRE(is(bound(64, 0ms, 0.010, {kAll, 2}).seconds, 0.320));
  REQUIRE(bound(64, 0ms, 0.010, {kAll, 2}).name == "work / cores");
  REQUIRE(is(bound(1, 0ms, 0.010, {kAll, 8}).seconds, 0.010));  // one job isn't shared
  REQUIRE(is(bound(3, 0ms, 0.010, {2, 2}).seconds, 0.020));
}

TEST_CASE("who does both: computing overlaps waiting, but for the first wait")
{
  REQUIRE(is(bound(10, 20ms, 0.010, {1, 1}).seconds, 0.300));
  REQUIRE(is(bound(10, 20ms, 0.010, {kAll, 1}).seconds, 0.120));
  REQUIRE(is(bound(10, 20ms, 0.010, {kAll, 2}).seconds, 0.070));
  REQUIRE(bound(10, 20ms, 0.010, {kAll, 2}).name == "ideal overlap");
}

TEST_CASE("no jobs take no time") { REQUIRE(bound(0, 20ms, 0.010, {1, 1}).seconds == 0); }

TEST_CASE("no schedule beats its bound")
{
  for (const int jobs : {1, 2, 3, 7, 32, 33, 100})
    for (const auto wait : {0ms, 1ms, 20ms})
      for (const double compute_s : {0.0, 0.001, 0.030})
        for (const Width width : {Width{1, 1}, {2, 2}, {3, 2}, {32, 4}, {kAll, 1}, {kAll, 4}}) {
          INFO(jobs << " jobs of " << wait.count() << " ms and " << compute_s << " s, "
                    << width.waits << "/" << width.computes);
          REQUIRE(bound(jobs, wait, compute_s, width).seconds <=
                  schedule_s(jobs, to_seconds(wait), compute_s, width) + 1e-9);
        }
}
