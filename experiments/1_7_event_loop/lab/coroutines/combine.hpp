// What a task can wait for: a while, several others, another within a time limit.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "loop.hpp"
#include "scheduler.hpp"
#include "task.hpp"

/// What with_timeout() throws when the time is up.
struct TimedOut : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "timed out"; }
};

/// co_await sleep_for(delay): goes on `delay` from now or soon after, in the order of deadlines;
/// after the others that are ready, also where the delay is 0. Throws Cancelled.
class [[nodiscard]] Sleep
    // BEGIN SOLUTION
    : public Wait
// END SOLUTION
{
 public:
  explicit Sleep(Loop::Duration delay) : delay_(delay) {}
  // BEGIN SOLUTION
  // STUB: bool await_ready() const noexcept { return delay_ <= delay_.zero(); }
  // STUB: void await_suspend(std::coroutine_handle<>) {}
  // STUB: void await_resume() const {}
  ~Sleep() { give_up(); }
  void begin() override
  {
    timer_ = job_->scheduler.loop().call_later(delay_, [this] { job_->wake(); });
  }
  void give_up() noexcept override
  {
    if (job_ != nullptr) job_->scheduler.loop().cancel(timer_);
  }
  // END SOLUTION

 private:
  Loop::Duration delay_;
  // BEGIN SOLUTION
  Loop::TimerId timer_;
  // END SOLUTION
};

inline Sleep sleep_for(Loop::Duration delay) { return Sleep(delay); }

/// Runs all `tasks` beside each other; their results in the order of `tasks`, whoever is first.
/// Where one throws, the others are cancelled, and when all have ended the first exception is
/// thrown. Where the one who waits is cancelled, so are they, and when all have ended Cancelled is
/// thrown.
Task<> gather(std::vector<Task<>> tasks);
template <class Result>
Task<std::vector<Result>> gather(std::vector<Task<Result>> tasks);

/// Runs `task`: its result or its exception, where it has ended within `limit`. Then, it is
/// cancelled, and when it has ended TimedOut is thrown (unless it has come to a result or to
/// another exception all the same, which is what counts). No timer is left. Where the one who waits
/// is cancelled, so is `task`, and it is waited for.
template <class Result>
Task<Result> with_timeout(Loop::Duration limit, Task<Result> task);

// The templates' bodies.

// BEGIN SOLUTION
/// co_await ThisScheduler(): the one that runs this coroutine.
class ThisScheduler {
 public:
  bool await_ready() const noexcept { return false; }
  template <class AnyPromise>
  bool await_suspend(std::coroutine_handle<AnyPromise> where) noexcept
  {
    scheduler_ = &where.promise().job->scheduler;
    return false;
  }
  Scheduler& await_resume() const noexcept { return *scheduler_; }

 private:
  Scheduler* scheduler_ = nullptr;
};

/// A timer that goes with its scope.
class Alarm {
 public:
  Alarm(Loop& loop, Loop::Duration delay, Loop::Callback callback)
      : loop_(loop),
        timer_(loop.call_later(delay, std::move(callback)))
  {
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() { loop_.cancel(timer_); }

 private:
  Loop& loop_;
  Loop::TimerId timer_;
};

template <class Result>
Task<> put_result(std::optional<Result>& into, Task<Result> task)
{
  into.emplace(co_await task);
}

// END SOLUTION
template <class Result>
Task<std::vector<Result>> gather(std::vector<Task<Result>> tasks)
{
  // BEGIN SOLUTION
  // STUB: (void)tasks;
  // STUB: co_return std::vector<Result>();
  std::vector<std::optional<Result>> slots(tasks.size());
  std::vector<Task<>> puts;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    puts.push_back(put_result(slots[i], std::move(tasks[i])));
  co_await gather(std::move(puts));
  std::vector<Result> results;
  for (auto& slot : slots) results.push_back(std::move(*slot));
  co_return results;
  // END SOLUTION
}

template <class Result>
Task<Result> with_timeout(Loop::Duration limit, Task<Result> task)
{
  // BEGIN SOLUTION
  // STUB: (void)limit;
  // STUB: return task;
  Scheduler& scheduler = co_await ThisScheduler();
  const Spawned<Result> spawned = scheduler.spawn(std::move(task));
  bool expired = false;
  const Alarm alarm(scheduler.loop(), limit, [&] { expired = spawned.cancel(); });
  while (!spawned.done()) {
    try {
      co_await spawned.ended();
    } catch (const Cancelled&) {  // it is our own task that was cancelled: pass it on
      expired = false;
      spawned.cancel();
    }
  }
  try {
    co_return spawned.result();
  } catch (const Cancelled&) {
    if (!expired) throw;
  }
  throw TimedOut();
  // END SOLUTION
}
