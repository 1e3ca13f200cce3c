// The same loop, written straight down: a function that can wait in its middle.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include "tasks/event_loop.hpp"

namespace two_cakes {

/// A coroutine without a result. It starts when it is awaited or spawned, and runs on the loop's
/// thread. An exception crosses co_await to whoever awaits. Destroying a task destroys its frame,
/// also while it waits.
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct promise_type {
    std::coroutine_handle<> waiting =
        std::noop_coroutine();  // who goes on when this one has finished
    std::exception_ptr exception;

    Task get_return_object() { return Task{Handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept { return ResumeWaiting{}; }
    void return_void() {}
    void unhandled_exception() { exception = std::current_exception(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task()
  {
    if (handle_) handle_.destroy();
  }

  auto operator co_await() noexcept
  {
    struct Awaiter {
      Handle task;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept
      {
        task.promise().waiting = caller;
        return task;
      }
      void await_resume() const
      {
        if (task.promise().exception) std::rethrow_exception(task.promise().exception);
      }
    };
    return Awaiter{handle_};
  }

  /// Starts it on `loop` in the next turn. The task must live until it is done(); then result()
  /// rethrows its exception.
  void start_on(EventLoop& loop)
  {
    loop.call_soon([handle = handle_] { handle.resume(); });
  }
  [[nodiscard]] bool done() const { return handle_.done(); }
  void result() const
  {
    if (handle_.promise().exception) std::rethrow_exception(handle_.promise().exception);
  }

 private:
  struct ResumeWaiting {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle finished) noexcept
    {
      return finished.promise().waiting;
    }
    void await_resume() const noexcept {}
  };

  explicit Task(Handle handle) : handle_(handle) {}
  Handle handle_;
};

/// co_await ready_for(loop, fd, Ready::kRead): goes on, on the loop's thread, once `fd` is ready. A
/// coroutine that is destroyed while it waits here no longer watches `fd`.
inline auto ready_for(EventLoop& loop, int fd, Ready interest)
{
  struct Awaiter {
    EventLoop& loop;
    int fd;
    Ready interest;
    bool waiting = false;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller)
    {
      loop.watch(fd, interest, [this, caller](Ready) {
        stop_waiting();
        caller.resume();  // may destroy this awaiter: nothing of it is touched afterwards
      });
      waiting = true;
    }
    void await_resume() const noexcept {}
    void stop_waiting()
    {
      if (std::exchange(waiting, false)) loop.unwatch(fd);
    }
    ~Awaiter() { stop_waiting(); }
  };
  return Awaiter{loop, fd, interest};
}

/// co_await in_pool(loop, pool, function): runs `function` on a thread of `pool`, and goes on, on
/// the loop's thread, when it has finished; what it threw is thrown here. The pool must end before
/// the coroutine is destroyed.
template <class Function>
auto in_pool(EventLoop& loop, ThreadPool& pool, Function function)
{
  struct Awaiter {
    EventLoop& loop;
    ThreadPool& pool;
    Function function;
    std::exception_ptr exception;
    std::shared_ptr<void> alive = std::make_shared<char>();  // goes with the coroutine

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller)
    {
      const auto go_on = [caller, still = std::weak_ptr(alive)] {
        if (!still.expired()) caller.resume();
      };
      loop.run_in_pool(
          pool, [this] { run(); }, go_on);
    }
    void await_resume() const
    {
      if (exception) std::rethrow_exception(exception);
    }
    void run() noexcept
    {
      try {
        function();
      } catch (...) {
        exception = std::current_exception();
      }
    }
  };
  return Awaiter{loop, pool, std::move(function)};
}

/// co_await sleep_until(loop, when): goes on at `when` or soon after, never before. A coroutine
/// that is destroyed while it sleeps isn't woken.
inline auto sleep_until(EventLoop& loop, Clock::time_point when)
{
  struct Awaiter {
    EventLoop& loop;
    Clock::time_point when;
    std::shared_ptr<void> alive = std::make_shared<char>();  // goes with the coroutine

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller)
    {
      loop.call_at(when, [caller, still = std::weak_ptr(alive)] {
        if (!still.expired()) caller.resume();
      });
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{loop, when};
}

}  // namespace two_cakes
