// A few functions that are taken from a queue together, so that its lock is taken once for all.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <utility>

#include "tasks/small_function.hpp"

namespace two_cakes {

/// First in, first out. add() and take() want the owner's lock; run_all() is for the one worker
/// that has taken the handful. Meanwhile the others may still take() from it, under the lock: what
/// one worker holds isn't stuck behind what it is busy with.
class Handful {
 public:
  static constexpr std::size_t kMost = 64;

  [[nodiscard]] bool full() const { return filled_ == kMost; }
  [[nodiscard]] bool empty() const { return begun_.load(std::memory_order_relaxed) >= filled_; }

  void add(SmallFunction function) { functions_[filled_++] = std::move(function); }

  /// The next one, or an empty function where none is left.
  SmallFunction take()
  {
    const std::size_t mine = begin_next();
    return mine < filled_ ? std::move(functions_[mine]) : SmallFunction();
  }

  /// Runs what is left, one after the other. What throws ends the program.
  void run_all() noexcept
  {
    for (std::size_t mine = begin_next(); mine < filled_; mine = begin_next()) {
      functions_[mine]();
      functions_[mine].reset();
    }
  }

  /// Makes an empty handful as good as new.
  void start_anew()
  {
    filled_ = 0;
    begun_.store(0, std::memory_order_relaxed);
  }

 private:
  // Who raises it owns the function: the lock orders everything else.
  std::size_t begin_next() { return begun_.fetch_add(1, std::memory_order_relaxed); }

  std::array<SmallFunction, kMost> functions_;
  std::size_t filled_ = 0;
  std::atomic<std::size_t> begun_{0};
};

}  // namespace two_cakes
