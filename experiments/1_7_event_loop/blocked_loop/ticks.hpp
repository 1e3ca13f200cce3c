// Everybody else on the loop: ticks that are due at fixed times, and a record of when they came.
#pragma once

#include <chrono>
#include <vector>

#include "base/units.hpp"
#include "tasks/event_loop.hpp"

namespace two_cakes {

struct Plan {
  int ticks = 0;
  std::chrono::microseconds interval{0};  // between two
  std::chrono::milliseconds block{0};     // how long the computation takes
};

/// An open loop: tick k is due at the start + k intervals, whether the one before it has come or
/// not, as strangers' requests are. Lives while the loop runs, on its thread.
class Ticks {
 public:
  struct Tick {
    Clock::time_point due;
    Clock::time_point came;
  };

  /// Starts now: the loop has its first timer.
  Ticks(EventLoop& loop, const Plan& plan);
  Ticks(const Ticks&) = delete;
  Ticks& operator=(const Ticks&) = delete;

  /// When the computation shall begin: between two ticks, when a quarter of them has come.
  [[nodiscard]] Clock::time_point time_to_compute() const;

  [[nodiscard]] const std::vector<Tick>& all() const { return ticks_; }

 private:
  [[nodiscard]] Clock::time_point due(std::size_t tick) const;
  void set_next();

  EventLoop& loop_;
  Plan plan_;
  Clock::time_point start_ = Clock::now();
  std::vector<Tick> ticks_;
};

}  // namespace two_cakes
