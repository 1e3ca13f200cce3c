// One lock for all threads of a program, handed over after a while: CPython's global interpreter
// lock, imitated.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace two_cakes {

/// Whoever has waited for one switch interval asks for the lock; the holder sees the request at its
/// next checkpoint(), lets go, and doesn't come back before another thread has had it. Works with
/// std::lock_guard and std::unique_lock.
///
/// After ceval_gil.h of CPython 3.11: lock() is take_gil, unlock() is drop_gil with its forced
/// switch, and checkpoint() is the look at the eval breaker that the interpreter takes at each call
/// and at each jump back.
class SwitchingLock {
 public:
  using Interval = std::chrono::microseconds;

  explicit SwitchingLock(Interval switch_interval = std::chrono::milliseconds(5))
      : switch_interval_(switch_interval)
  {
  }
  SwitchingLock(const SwitchingLock&) = delete;
  SwitchingLock& operator=(const SwitchingLock&) = delete;

  /// Blocks until this thread holds the lock.
  void lock();

  /// Lets it go. Where another thread has asked for it, blocks until one has taken it.
  void unlock();

  /// Whether another thread has waited for a switch interval, and asked. Any thread; one relaxed
  /// load.
  [[nodiscard]] bool switch_requested() const
  {
    return switch_requested_.load(std::memory_order_relaxed);
  }

  /// For the holder: hands the lock over where another thread has asked, and blocks until it comes
  /// back. Costs one relaxed load where nobody has.
  void checkpoint()
  {
    if (switch_requested()) [[unlikely]]
      hand_over();
  }

  /// How often the lock went from one thread to another. Any thread.
  [[nodiscard]] std::uint64_t switches() const;

 private:
  void hand_over();

  const Interval switch_interval_;
  mutable std::mutex mutex_;  // held for moments only, never while waiting
  std::condition_variable released_;
  std::condition_variable switched_;
  bool locked_ = false;
  std::thread::id last_holder_;
  std::uint64_t switches_ = 0;
  std::atomic<bool> switch_requested_{false};
};

/// Lets the lock go for as long as the object lives, while its thread waits for something else:
/// Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS. Getting it back may take as long as lock()
/// does.
class WithoutLock {
 public:
  explicit WithoutLock(SwitchingLock& lock) : lock_(lock) { lock_.unlock(); }
  WithoutLock(const WithoutLock&) = delete;
  WithoutLock& operator=(const WithoutLock&) = delete;
  ~WithoutLock() { lock_.lock(); }

 private:
  SwitchingLock& lock_;
};

}  // namespace two_cakes
