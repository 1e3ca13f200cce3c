// co_await sleep_for(20ms): the others' turn until then.
#pragma once

#include <coroutine>

#include "tasks/event_loop.hpp"

namespace two_cakes {

/// What every sleeper waits for; which deadline is its own, the loop's timers know.
class Sleeping final : public Waiting {
 public:
  void cancel(TaskFrame& waiter) override { EventLoop::running().wake_early(waiter); }
  [[nodiscard]] std::string describe() const override { return "sleeps"; }
  static Sleeping kind;
};
inline constinit Sleeping Sleeping::kind;

/// A deadline that needs no timer, and no look at the clock.
inline constexpr auto kNow = Clock::time_point::min();

/// Eight bytes: before the wait its deadline, then who waits.
class Sleep {
 public:
  explicit Sleep(Clock::time_point when) : when_(when) {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    const Clock::time_point when = when_;
    frame_ = &caller.promise();
    if (!frame_->waits_for(Sleeping::kind)) return false;
    if (when == kNow) EventLoop::running().resume_soon(*frame_);
    else EventLoop::running().sleep(*frame_, when);
    return true;
  }
  void await_resume() const { frame_->resumes(); }

 private:
  union {
    Clock::time_point when_;
    TaskFrame* frame_;
  };
};

/// co_await sleep_until(when): goes on at `when` or soon after, never before; where that is past,
/// after the others that are ready have had their turn. Throws Cancelled.
inline Sleep sleep_until(const Clock::time_point& when) { return Sleep(when); }

/// The same, `delay` from now; of no time at all, it is the others' turn. (Both take references: an
/// argument by value would be kept in the coroutine's frame.)
template <class Rep, class Period>
Sleep sleep_for(const std::chrono::duration<Rep, Period>& delay)
{
  return Sleep(delay <= delay.zero() ? kNow : EventLoop::after(delay));
}

}  // namespace two_cakes
