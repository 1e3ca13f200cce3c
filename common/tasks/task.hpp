// A function that can wait in its middle.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "tasks/task_frame.hpp"

namespace two_cakes {

template <class Result = void>
class Task;

/// How a coroutine begins and ends, whatever its result.
class TaskPromiseBase : public TaskFrame {
 public:
  struct ToWhoeverWaits {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept
    {
      return finished.promise().ends();  // may destroy the frame: nothing of it is touched after
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  ToWhoeverWaits final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { fail(std::current_exception()); }
};

template <class Result>
class TaskPromise final : public TaskPromiseBase {
 public:
  static_assert(alignof(Result) <= 16, "TaskFrame::handle() would look in the wrong place");
  Task<Result> get_return_object(std::source_location where = std::source_location::current());
  template <class Value>
  void return_value(Value&& value)
  {
    result_.emplace(std::forward<Value>(value));
  }
  Result take_result()
  {
    rethrow_failure();
    return std::move(*result_);
  }

 private:
  std::optional<Result> result_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
 public:
  Task<void> get_return_object(std::source_location where = std::source_location::current());
  void return_void() noexcept {}
  void take_result() { rethrow_failure(); }
};

/// A coroutine whose co_return gives a Result. Nothing of it runs before it is awaited, by another
/// coroutine (co_await task), or spawned (EventLoop::spawn). It runs on the loop's thread; an
/// exception crosses co_await to whoever awaits. Destroying a task destroys its frame and what is
/// in it, also while it waits.
template <class Result>
class [[nodiscard]] Task {
 public:
  using promise_type = TaskPromise<Result>;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept
  {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task()
  {
    if (handle_) handle_.destroy();
  }

  /// What co_await makes of it.
  class Await : public Waiting {
   public:
    explicit Await(Handle task) : task_(task) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> caller) noexcept
    {
      task_.promise().begins_under(caller.promise(), *this);
      return task_;
    }
    Result await_resume() { return task_.promise().take_result(); }

    void cancel(TaskFrame&) override {}
    TaskFrame* child() override { return &task_.promise(); }
    [[nodiscard]] std::string describe() const override { return "awaits"; }

   private:
    Handle task_;
  };

  /// Runs it, and waits for its end. Await a task once: its result is moved out of it.
  auto operator co_await() noexcept { return Await{handle_}; }

  [[nodiscard]] TaskFrame& frame() const { return handle_.promise(); }
  /// Gives the coroutine away: the caller destroys it.
  [[nodiscard]] Handle release() { return std::exchange(handle_, nullptr); }

 private:
  friend promise_type;

  explicit Task(Handle handle) : handle_(handle) {}
  Handle handle_;
};

template <class Result>
Task<Result> TaskPromise<Result>::get_return_object(std::source_location where)
{
  set_where(where);
  return Task<Result>{Task<Result>::Handle::from_promise(*this)};
}

inline Task<void> TaskPromise<void>::get_return_object(std::source_location where)
{
  set_where(where);
  return Task<void>{Task<void>::Handle::from_promise(*this)};
}

}  // namespace two_cakes
