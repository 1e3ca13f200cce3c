// The convoy under the imitated lock: chapter.py's convoy(), in C++. While one thread waits, the
// other takes the lock, and keeps it until it is asked for it; and it is asked no sooner than one
// switch interval after the wait is over.
#include <atomic>

#include "base/units.hpp"
#include "convoy.hpp"
#include "jobs.hpp"
#include "python_like_thread.hpp"
#include "work/python/interpreted_fib.hpp"

namespace two_cakes {
namespace {

/// Seconds from here until this thread has waited, and has the lock again.
double seconds_for_request(std::chrono::microseconds wait, SwitchingLock& lock)
{
  const auto started = Clock::now();
  {
    const WithoutLock released(lock);
    std::this_thread::sleep_for(wait);
  }
  return to_seconds(Clock::now() - started);
}

}  // namespace

ConvoyResult run_imitated_convoy(const Convoy& convoy)
{
  ConvoyResult result;
  SwitchingLock lock(convoy.switch_interval);
  std::atomic<bool> finished{false};
  const auto compute = [&] {
    const auto look = [&lock] { lock.checkpoint(); };
    for (; !finished; ++result.portions)
      for (int unit = 0; unit < convoy.portion_units; ++unit)
        result.sum += interpreted_fib(kUnit, look);
  };
  const auto request = [&] {
    for (int i = 0; i < convoy.requests; ++i)
      result.request_s.push_back(seconds_for_request(convoy.wait, lock));
    finished = true;
  };
  std::jthread computing;
  std::jthread requesting;
  try {
    const std::lock_guard held(lock);
    computing = start_python_like_thread(lock, compute);
    requesting = start_python_like_thread(lock, request);
  } catch (...) {
    finished = true;  // the second thread couldn't be had: the first must end all the same
    throw;
  }
  requesting.join();
  computing.join();
  return result;
}

}  // namespace two_cakes
