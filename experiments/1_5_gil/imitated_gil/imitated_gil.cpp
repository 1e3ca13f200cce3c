// imitated_gil: C++ threads that live by CPython's rules. They hold one lock while they compute,
// let it go while they sleep, and hand it over when another thread has asked for it.
#include <numeric>
#include <vector>

#include "jobs.hpp"
#include "python_like_thread.hpp"
#include "work/python/interpreted_fib.hpp"

namespace two_cakes {
namespace {

/// chapter.py's jobs(), with the lock held on entry and on exit.
std::uint64_t do_jobs(const Jobs& jobs, SwitchingLock& lock)
{
  const auto look = [&lock] { lock.checkpoint(); };
  std::uint64_t sum = 0;
  for (int job = 0; job < jobs.jobs_per_thread; ++job) {
    if (jobs.wait.count() > 0) {
      const WithoutLock released(lock);
      std::this_thread::sleep_for(jobs.wait);
    }
    for (int unit = 0; unit < jobs.units; ++unit) sum += interpreted_fib(kUnit, look);
  }
  return sum;
}

}  // namespace

std::uint64_t run_imitated_gil(const Jobs& jobs)
{
  SwitchingLock lock(jobs.switch_interval);
  std::vector<std::uint64_t> sums(jobs.threads);
  std::vector<std::jthread> threads;
  {
    const std::lock_guard held(lock);
    for (std::uint64_t& sum : sums)
      threads.push_back(start_python_like_thread(lock, [&] { sum = do_jobs(jobs, lock); }));
  }
  threads.clear();  // joins them
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
}

}  // namespace two_cakes
