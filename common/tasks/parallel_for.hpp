// A loop whose rounds are shared out among the workers of a pool.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>

#include "tasks/thread_pool.hpp"

namespace two_cakes {

/// What those who share a loop have in common. It outlives the loop for helpers that come too late.
template <class Function>
class SharedLoop {
 public:
  SharedLoop(std::size_t rounds, std::size_t helpers, Function& function)
      : rounds_(rounds),
        helpers_(helpers),
        function_(function)
  {
  }

  /// Does rounds until none is left to begin. Who comes too late finds none, and doesn't touch the
  /// function, which may be gone by then.
  void take_part() noexcept
  {
    ++busy_;
    std::size_t first = 0;
    std::size_t count = 0;
    while ((count = take_rounds(first)) > 0) do_rounds(first, count);
    if (--busy_ == 0) busy_.notify_all();
  }

  /// Blocks until everybody has finished; throws what the first round that failed has thrown.
  void wait()
  {
    for (int busy = busy_; busy > 0; busy = busy_) busy_.wait(busy);
    if (failed_) std::rethrow_exception(failure_);
  }

 private:
  // Large portions first, small ones at the end, so that all finish together: guided
  // self-scheduling (Polychronopoulos & Kuck, 1987).
  std::size_t take_rounds(std::size_t& first)
  {
    first = begun_;
    std::size_t count = 0;
    do {
      if (first >= rounds_) return 0;
      count = std::max<std::size_t>(1, (rounds_ - first) / (4 * helpers_));
    } while (!begun_.compare_exchange_weak(first, first + count));
    return count;
  }

  void do_rounds(std::size_t first, std::size_t count) noexcept
  {
    try {
      for (std::size_t round = first; round < first + count; ++round) function_(round);
    } catch (...) {
      begun_ = rounds_;  // the others needn't go on
      if (!failing_.test_and_set()) {
        failure_ = std::current_exception();
        failed_ = true;
      }
    }
  }

  const std::size_t rounds_;
  const std::size_t helpers_;
  Function& function_;
  std::atomic<std::size_t> begun_{0};
  std::atomic<int> busy_{0};
  std::atomic_flag failing_;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
};

/// Calls `function(i)` once for each i below `rounds`, in any order, on the pool's workers and on
/// this thread, which counts as one of them. Blocks until all are done. Throws what the first call
/// that failed threw; those not begun by then are left out. A worker may call it too.
template <class Function>
void parallel_for(ThreadPool& pool, std::size_t rounds, Function function)
{
  const std::size_t helpers = std::min(pool.workers(), rounds);
  auto loop =
      std::make_shared<SharedLoop<Function>>(rounds, std::max<std::size_t>(helpers, 1), function);
  for (std::size_t i = 1; i < helpers; ++i) pool.try_post([loop] { loop->take_part(); });
  loop->take_part();
  loop->wait();
}

}  // namespace two_cakes
