// The application's sign of life: it should tick at fixed times, and keeps a record of how it did.
#pragma once

#include <functional>

#include "base/units.hpp"

namespace two_cakes {

/// Ticks are due at start + 1, 2, 3, ... intervals. A tick that comes so late that others have
/// become due meanwhile stands for all of them: those are lost, as frames of an animation are.
/// Belongs to the application's thread.
class Spinner {
 public:
  using Draw = std::function<void(const Spinner&)>;

  /// Starts now. `draw` is called at each tick.
  explicit Spinner(Clock::duration interval, Draw draw = {});

  /// When the next tick is due.
  [[nodiscard]] Clock::time_point next() const { return time_of(due_ + 1); }

  /// A moment between two ticks, when `ticks` more have become due.
  [[nodiscard]] Clock::time_point between_ticks_after(int ticks) const;

  /// Ticks if a tick is due. Never blocks, but for what drawing takes.
  void tick_if_due();

  /// The application with nothing else to do: blocks until `when`, ticking.
  void turn_until(Clock::time_point when);

  /// Mark the operation, so that the ticks meanwhile are counted.
  void operation_begins() { ticks_at_begin_ = ticks_; }
  void operation_ends() { ticks_meanwhile_ = ticks_ - ticks_at_begin_; }

  [[nodiscard]] int due() const { return due_; }      // up to the last tick
  [[nodiscard]] int ticks() const { return ticks_; }  // that came
  [[nodiscard]] int lost() const { return due_ - ticks_; }
  [[nodiscard]] int ticks_meanwhile() const { return ticks_meanwhile_; }
  [[nodiscard]] Clock::duration longest_gap() const { return longest_gap_; }

 private:
  [[nodiscard]] Clock::time_point time_of(int tick) const { return start_ + tick * interval_; }
  [[nodiscard]] int due_at(Clock::time_point when) const;

  Clock::duration interval_;
  Draw draw_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  Clock::duration longest_gap_{0};
  int due_ = 0;
  int ticks_ = 0;
  int ticks_at_begin_ = 0;
  int ticks_meanwhile_ = 0;
};

}  // namespace two_cakes
