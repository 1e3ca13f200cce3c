// co_await next_turn(): somebody else first.
#pragma once

#include <coroutine>

#include "tasks/sleep.hpp"

namespace two_cakes {

/// Puts the coroutine behind all that are ready. Through the queue of the ready alone: no clock is
/// read and no timer is set, as they are for sleep_for(0s).
class NextTurn {
 public:
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    frame_ = &caller.promise();
    if (!frame_->waits_for(Sleeping::kind)) return false;
    frame_->resume_soon();
    return true;
  }
  void await_resume() const { frame_->resumes(); }

 private:
  TaskFrame* frame_ = nullptr;
};

/// co_await: goes on when all who are ready now have had their turn. Throws Cancelled.
inline NextTurn next_turn() { return {}; }

/// co_await OthersFirst{loop}: the others' turn, where may_go_on() says so. A cancellation
/// meanwhile is put off until the next wait: what the caller has got already isn't lost.
struct OthersFirst {
  EventLoop& loop;
  bool await_ready() const { return loop.may_go_on(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> caller) const
  {
    loop.resume_soon(caller.promise());
  }
  void await_resume() const noexcept {}
};

}  // namespace two_cakes
