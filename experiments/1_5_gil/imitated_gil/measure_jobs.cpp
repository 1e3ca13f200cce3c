#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "jobs.hpp"
#include "measure.hpp"

namespace two_cakes {
namespace {

using std::chrono::microseconds;

struct Job {
  microseconds wait;
  microseconds compute;
};

Job job_of(const std::string& work, microseconds busy)
{
  if (work == "cpu") return {microseconds(0), busy};
  if (work == "io") return {2 * busy, microseconds(0)};
  return {busy * 2 / 3, busy * 2 / 3};
}

/// Under one lock all computing is done in turns, and each thread has its own jobs to do from end
/// to end.
double ideal_s(const Job& job, int jobs, int threads)
{
  const double all_computing_s = jobs * to_seconds(job.compute);
  const double one_thread_s = jobs / threads * to_seconds(job.wait + job.compute);
  return std::max(all_computing_s, one_thread_s);
}

}  // namespace

Series measure_jobs(const Lock& lock, const std::string& work, int threads,
                    const Settings& settings)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const Job job = job_of(work, settings.busy);
      const Jobs jobs{.threads = threads,
                      .jobs_per_thread = settings.jobs / threads,
                      .wait = job.wait,
                      .units = lock.units_in(job.compute),
                      .switch_interval = microseconds(settings.switch_interval_us)};
      const auto expected = static_cast<std::uint64_t>(settings.jobs) *
                            static_cast<std::uint64_t>(jobs.units) * kUnitSum;
      const auto check = [&](std::uint64_t sum, Report& report) {
        if (sum != expected)
          throw WrongAnswer(fmt::format("the jobs' sum is {}, not {}", sum, expected));
        report.units += settings.jobs;
        report.bound_s = ideal_s(job, settings.jobs, threads);
        report.bound_name = "ideal under one lock";
      };
      measure(
          state, [&] { return lock.run(jobs); }, check);
    });
  };
  return {lock.name, {{"work", work}, {"workers", std::to_string(threads)}}, body};
}

}  // namespace two_cakes
