// How much each of them computes in a given time: so that a job takes as long in C++ as in CPython.
#include <algorithm>
#include <cmath>

#include "base/units.hpp"
#include "jobs.hpp"

namespace two_cakes {
namespace {

/// Seconds for one unit on an undisturbed core: the fastest of eight runs of one thread.
double seconds_per_unit(std::uint64_t (*run)(const Jobs&), int units)
{
  double fastest_s = 1e9;
  for (int i = 0; i < 8; ++i) {
    const auto start = Clock::now();
    run({.units = units});
    fastest_s = std::min(fastest_s, to_seconds(Clock::now() - start));
  }
  return fastest_s / units;
}

int units_in(std::chrono::microseconds time, double unit_s)
{
  return time.count() == 0 ? 0
                           : std::max(1, static_cast<int>(std::lround(to_seconds(time) / unit_s)));
}

}  // namespace

int real_units_in(std::chrono::microseconds time)
{
  static const double unit_s = seconds_per_unit(run_real_gil, 1'000);
  return units_in(time, unit_s);
}

int imitated_units_in(std::chrono::microseconds time)
{
  static const double unit_s = seconds_per_unit(run_imitated_gil, 20'000);
  return units_in(time, unit_s);
}

}  // namespace two_cakes
