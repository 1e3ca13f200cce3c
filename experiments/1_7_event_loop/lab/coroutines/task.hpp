// A task: a coroutine that can be awaited, and what it comes to.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
// BEGIN SOLUTION
#include <vector>
// END SOLUTION

/// What a task meets at a co_await when it has been cancelled. It may catch it, to clean up.
struct Cancelled : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "cancelled"; }
};

template <class Result = void>
class Task;

/// What a coroutine came to: a value or an exception. (Given: only one of return_value and
/// return_void may be there, which is why void has an Outcome of its own.)
template <class Result>
struct Outcome {
  std::optional<Result> value;
  std::exception_ptr exception;

  template <class Value>
  void return_value(Value&& given)
  {
    value.emplace(std::forward<Value>(given));
  }
  /// Moves the value out, or throws the exception.
  Result take()
  {
    if (exception) std::rethrow_exception(exception);
    return std::move(value.value());
  }
};

template <>
struct Outcome<void> {
  std::exception_ptr exception;

  void return_void() {}
  void take() const
  {
    if (exception) std::rethrow_exception(exception);
  }
};

// BEGIN SOLUTION
class Scheduler;
class Wait;

/// A task that was spawned, whatever its result: where it stands, and what it waits for.
class Job : public std::enable_shared_from_this<Job> {
 public:
  explicit Job(Scheduler& of) : scheduler(of) {}
  virtual ~Job() = default;

  /// Goes on at `where` in the next turn.
  void begin(std::coroutine_handle<> where);
  /// `where` goes on after wake(). False: the task has been cancelled, and needn't wait.
  bool stand_still(std::coroutine_handle<> where, Wait& wait);
  /// What it waited for has come.
  void wake();
  /// Its present or next wait throws Cancelled. False: it has finished.
  bool cancel();
  void throw_if_cancelled();
  /// Its outermost coroutine has finished, or was cancelled before it began.
  void end() noexcept;
  /// Destroys its coroutines where they stand.
  void destroy() noexcept;

  Scheduler& scheduler;
  std::vector<Job*> waiters;  // for its end
  bool done = false;

 private:
  void go_on();
  /// Moves the outcome out of the outermost coroutine, and destroys that.
  virtual void take_outcome() noexcept = 0;

  std::coroutine_handle<> where_;
  Wait* wait_ = nullptr;
  bool began_ = false;
  bool cancelled_ = false;
};

/// What a task stands still for. Lives in the frame that waits, and is given up with it.
class Wait {
 public:
  Wait() = default;
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  bool await_ready() const noexcept { return false; }
  template <class AnyPromise>
  bool await_suspend(std::coroutine_handle<AnyPromise> where)
  {
    job_ = where.promise().job;
    return job_->stand_still(where, *this);
  }
  void await_resume() const { job_->throw_if_cancelled(); }

  /// Sees to it that the task is woken; that it isn't any more.
  virtual void begin() = 0;
  virtual void give_up() noexcept = 0;

 protected:
  ~Wait() = default;
  Job* job_ = nullptr;
};

// END SOLUTION
/// What the compiler asks of a coroutine that gives a Task: how it begins and how it ends.
template <class Result>
class Promise : public Outcome<Result> {
 public:
  Task<Result> get_return_object();
  std::suspend_always initial_suspend() noexcept { return {}; }

  // BEGIN SOLUTION
  // STUB: std::suspend_always final_suspend() noexcept { return {}; }
  // STUB: void unhandled_exception() {}
  struct ToWhoeverAwaits {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept
    {
      Promise& promise = finished.promise();
      if (promise.caller) return promise.caller;  // jumps: resume() would let the stack grow
      promise.job->end();  // destroys the frame: nothing of it is touched after this
      return std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  ToWhoeverAwaits final_suspend() noexcept { return {}; }
  void unhandled_exception() { this->exception = std::current_exception(); }

  Job* job = nullptr;              // the spawned task that this is part of
  std::coroutine_handle<> caller;  // who awaits this; none: it is the outermost
  // END SOLUTION
};

/// A coroutine whose co_return gives a Result. Nothing of it runs before it is awaited or spawned.
/// `co_await task` runs it as a part of the task that awaits: gives its result or throws its
/// exception, and uses no stack, however many await each other. Await it once. Destroying a Task
/// destroys its frame and all that is in it, also where it stands still.
template <class Result>
class [[nodiscard]] Task {
 public:
  using promise_type = Promise<Result>;

  Task() = default;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
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

  struct Await {
    std::coroutine_handle<promise_type> task;

    bool await_ready() const noexcept { return false; }
    template <class AnyPromise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<AnyPromise> caller) noexcept
    {
      // BEGIN SOLUTION
      // STUB: return caller;
      task.promise().job = caller.promise().job;
      task.promise().caller = caller;
      return task;
      // END SOLUTION
    }
    Result await_resume() { return task.promise().take(); }
  };
  Await operator co_await() const noexcept { return {handle_}; }

  [[nodiscard]] std::coroutine_handle<promise_type> handle() const { return handle_; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

template <class Result>
Task<Result> Promise<Result>::get_return_object()
{
  return Task<Result>(std::coroutine_handle<Promise>::from_promise(*this));
}
