// co_await sleep_for(20ms): the others' turn until then.
#pragma once

#include <chrono>
#include <coroutine>
#include <type_traits>

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

/// Eight bytes: before the wait its deadline, then who waits. Without alignment, so that they lie
/// beside the flags that the compiler keeps in every frame: a million sleepers are 16 MB less.
class Sleep {
 public:
  explicit Sleep(Clock::time_point when) : word_{.when = when.time_since_epoch().count()} {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    const Clock::time_point when{Clock::duration(word_.when)};
    TaskFrame& frame = caller.promise();
    word_.frame = &frame;
    if (!frame.waits_for(Sleeping::kind)) return false;
    if (when == kNow) EventLoop::running().resume_soon(frame);
    else EventLoop::running().sleep(frame, when);
    return true;
  }
  void await_resume() const { word_.frame->resumes(); }

 private:
  union [[gnu::packed]] Word {
    Clock::rep when;
    TaskFrame* frame;
  };
  Word word_;
};

/// co_await sleep_until(when): goes on at `when` or soon after, never before; where that is past,
/// after the others that are ready have had their turn. Throws Cancelled.
inline Sleep sleep_until(const Clock::time_point& when) { return Sleep(when); }

/// The same, `delay` from now; of no time at all, it is the others' turn. (Both take references: an
/// argument by value would be kept in the coroutine's frame. So is a temporary, such as a literal;
/// a named constant isn't.)
template <class Rep, class Period>
Sleep sleep_for(const std::chrono::duration<Rep, Period>& delay)
{
  if (delay <= delay.zero()) return Sleep(kNow);
  if constexpr (!std::is_same_v<std::chrono::duration<Rep, Period>, Clock::duration>)
    if (std::chrono::duration<double>(delay) >=
        std::chrono::duration<double>(Clock::duration::max()))
      return Sleep(Clock::time_point::max());  // centuries of hours have no nanoseconds
  return Sleep(EventLoop::after(delay));
}

}  // namespace two_cakes
