// real_gil: CPython's threads take turns under its lock, and let it go while they sleep.
#include "jobs.hpp"
#include "switch_interval.hpp"

namespace two_cakes {

std::uint64_t run_real_gil(const Jobs& jobs)
{
  const SwitchInterval interval(jobs.switch_interval);
  const double wait_s = std::chrono::duration<double>(jobs.wait).count();
  const PythonCall call{
      "jobs",
      {std::int64_t{jobs.jobs_per_thread}, wait_s, std::int64_t{jobs.units}, std::int64_t{kUnit}}};
  std::int64_t sum = 0;
  for (const PythonValue& each : Python::interpreter().in_threads(PythonCalls(jobs.threads, call)))
    sum += std::get<std::int64_t>(each);
  return static_cast<std::uint64_t>(sum);
}

}  // namespace two_cakes
