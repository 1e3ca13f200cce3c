// A small loop: a queue of ready callbacks and a list of deadlines, on one thread. Given.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>

/// Belongs to one thread. Callbacks are called out of run() only, and must not throw.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;
  using Callback = std::function<void()>;
  /// A timer's place in the order of deadlines; the default is no timer's.
  struct TimerId {
    Clock::time_point when;
    std::uint64_t number = 0;
    auto operator<=>(const TimerId&) const = default;
  };

  /// Calls `callback` in the next turn. First in, first out.
  void call_soon(Callback callback);
  /// Calls `callback` `delay` from now or soon after; in the order of deadlines, then of making.
  TimerId call_later(Duration delay, Callback callback);
  /// The timer will not be called. Harmless for one that has been called, or for none.
  void cancel(TimerId timer);
  /// How many timers are still to be called.
  [[nodiscard]] std::size_t timers() const { return timers_.size(); }
  /// Blocks until nothing is ready and no timer is left.
  void run();

 private:
  std::deque<Callback> ready_;
  std::map<TimerId, Callback> timers_;
  std::uint64_t last_timer_ = 0;
};
