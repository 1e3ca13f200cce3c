// co_await with_timeout(5s, read(stream, buffer)): a wait that doesn't last for ever.
#pragma once

#include <coroutine>
#include <type_traits>
#include <utility>

#include "tasks/cancelled.hpp"
#include "tasks/event_loop.hpp"

namespace two_cakes {

/// Cancels what a task waits for when the time is up, and tells this from a cancellation that came
/// from above.
class Timeout {
 public:
  Timeout(Clock::duration limit, TaskFrame& task)
      : timer_(EventLoop::running().call_later(limit, [this, &task] {
          passed_ = true;
          task.cancel();
        }))
  {
  }
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;
  ~Timeout() { timer_.cancel(); }

  void came_from_above() { from_above_ = true; }
  [[nodiscard]] bool is_the_reason() const { return passed_ && !from_above_; }
  /// The task has ended by itself: a cancellation of ours that didn't reach it any more is void.
  void settle(TaskFrame& waiter) const
  {
    if (is_the_reason()) waiter.take_cancel();
  }

 private:
  bool passed_ = false;
  bool from_above_ = false;
  TimerHandle timer_;
};

/// Awaits a task as co_await does, and lets its Timeout know of cancellations from above.
template <class Result>
class AwaitWithTimeout final : public Task<Result>::Await {
 public:
  AwaitWithTimeout(typename Task<Result>::Await await, Timeout& timeout)
      : Task<Result>::Await(await),
        timeout_(timeout)
  {
  }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> caller) noexcept
  {
    waiter_ = &caller.promise();
    if (waiter_->cancel_is_pending()) timeout_.came_from_above();
    return Task<Result>::Await::await_suspend(caller);
  }
  Result await_resume()
  {
    timeout_.settle(*waiter_);
    return Task<Result>::Await::await_resume();
  }
  void pass_on_cancel() override { timeout_.came_from_above(); }

 private:
  Timeout& timeout_;
  TaskFrame* waiter_ = nullptr;
};

/// Awaits `task`, for `limit` at most: its result, or TimedOut is thrown. When the time is up the
/// task is cancelled where it waits, and unwinds; a task that goes on nevertheless, and ends well,
/// has its result taken. A limit of zero or less lets it go as far as its first wait.
template <class Result>
Task<Result> with_timeout(Clock::duration limit, Task<Result> task)
{
  Timeout timeout(limit, task.frame());
  try {
    co_return co_await AwaitWithTimeout<Result>(task.operator co_await(), timeout);
  } catch (const Cancelled&) {
    if (!timeout.is_the_reason()) throw;
  }
  throw TimedOut();
}

template <class Awaitable>
using ResultOf = decltype(std::declval<Awaitable&>().operator co_await().await_resume());

template <class Awaitable>
Task<ResultOf<Awaitable>> as_task(Awaitable awaitable)
{
  co_return co_await awaitable;
}

/// The same for what isn't a task, such as read() and write_all().
template <class Awaitable>
Task<ResultOf<Awaitable>> with_timeout(Clock::duration limit, Awaitable awaitable)
{
  return with_timeout(limit, as_task(awaitable));
}

}  // namespace two_cakes
