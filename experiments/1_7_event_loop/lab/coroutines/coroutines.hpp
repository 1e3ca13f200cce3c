// Coroutines over a loop: functions that can wait in their middle. Names follow asyncio's.
//
//   Task<int> answer()
//   {
//     co_await sleep_for(10ms);  // the others' turn
//     co_return 42;
//   }
//
//   Loop loop;
//   Scheduler scheduler(loop);
//   const int result = scheduler.run(answer());
//
// All of it belongs to the loop's thread. A Loop outlives its Scheduler, and a Scheduler every
// Spawned that it gave. What stands outside of your regions is the contract: leave it as it is.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "loop.hpp"
// BEGIN SOLUTION
#include <unordered_set>
// END SOLUTION

/// What a task meets at a co_await when it has been cancelled. It may catch it, to clean up.
struct Cancelled : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "cancelled"; }
};

/// What with_timeout() throws when the time is up.
struct TimedOut : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "timed out"; }
};

class Scheduler;
template <class Result = void>
class Task;
template <class Result = void>
class Spawned;

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

/// Runs tasks beside each other on `loop`, and owns those that have not finished.
class Scheduler {
 public:
  explicit Scheduler(Loop& loop) : loop_(loop) {}
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  /// Destroys the tasks that have not finished, with all that is in their frames, and leaves no
  /// timer of theirs in the loop.
  ~Scheduler();

  /// Begins `task` in the next turn of the loop, and keeps it until it has finished, whether or not
  /// the result is kept. When it has finished its frames are gone.
  template <class Result>
  Spawned<Result> spawn(Task<Result> task);

  /// Spawns `task`, runs the loop until nothing is left, and returns the task's result or throws
  /// its exception. Throws std::logic_error where it waits for what can't come any more.
  template <class Result>
  Result run(Task<Result> task);

  /// Who is told of an exception that nobody has taken: when the task has finished and its last
  /// Spawned is gone. Once for each; not of Cancelled. The default prints it on stderr.
  using Handler = std::function<void(std::exception_ptr)>;
  void set_unobserved_handler(Handler handler) { handler_ = std::move(handler); }

  /// How many tasks have not finished.
  [[nodiscard]] std::size_t unfinished() const;
  [[nodiscard]] Loop& loop() { return loop_; }

  // BEGIN SOLUTION
  void keep(std::shared_ptr<Job> job) { jobs_.insert(std::move(job)); }
  void let_go(const std::shared_ptr<Job>& job) { jobs_.erase(job); }
  void report(const std::exception_ptr& exception) noexcept;
  // END SOLUTION

 private:
  Loop& loop_;
  Handler handler_;
  // BEGIN SOLUTION
  std::unordered_set<std::shared_ptr<Job>> jobs_;
  // END SOLUTION
};

// BEGIN SOLUTION
template <class Result>
class JobOf final : public Job {
 public:
  JobOf(Scheduler& of, Task<Result> task) : Job(of), task_(std::move(task))
  {
    task_.handle().promise().job = this;
  }
  ~JobOf() override
  {
    if (outcome_.exception && !taken_) scheduler.report(outcome_.exception);
  }
  Result take()
  {
    if (!done) throw std::logic_error("the task has not finished");
    taken_ = true;
    return outcome_.take();
  }
  [[nodiscard]] std::coroutine_handle<> outermost() const { return task_.handle(); }

 private:
  void take_outcome() noexcept override
  {
    if (task_.handle().done()) outcome_ = std::move(task_.handle().promise());
    else outcome_.exception = std::make_exception_ptr(Cancelled{});
    task_ = Task<Result>();
  }

  Task<Result> task_;
  Outcome<Result> outcome_;
  bool taken_ = false;
};

/// Until another task has finished.
class Ended : public Wait {
 public:
  explicit Ended(std::shared_ptr<Job> job) : of_(std::move(job)) {}
  ~Ended() { give_up(); }
  bool await_ready() const noexcept { return of_->done; }
  void await_resume() const
  {
    if (job_ != nullptr) job_->throw_if_cancelled();
  }
  void begin() override { of_->waiters.push_back(job_); }
  void give_up() noexcept override { std::erase(of_->waiters, job_); }

 private:
  std::shared_ptr<Job> of_;
};

template <class Result>
class EndedWith : public Ended {
 public:
  explicit EndedWith(std::shared_ptr<JobOf<Result>> job) : Ended(job), of_(std::move(job)) {}
  Result await_resume() const
  {
    Ended::await_resume();
    return of_->take();
  }

 private:
  std::shared_ptr<JobOf<Result>> of_;
};

// END SOLUTION
/// A task that was spawned. Copies are the same task; dropping all of them doesn't end it.
template <class Result>
class Spawned {
 public:
  [[nodiscard]] bool done() const;
  /// The task's result or its exception, to be taken once. Throws std::logic_error before its end.
  Result result() const;
  /// The co_await at which the task stands, or the next that it comes to, throws Cancelled inside
  /// it, in a later turn. One that has not begun never begins, and ends with Cancelled. Returns
  /// whether it was still to finish.
  bool cancel() const;
  /// Waits for the task's end: its result or its exception, to be taken once. Cancelling the one
  /// who waits cancels only his wait.
  auto operator co_await() const;

  // BEGIN SOLUTION
  explicit Spawned(std::shared_ptr<JobOf<Result>> job) : job_(std::move(job)) {}
  /// Waits for the task's end, however it ends.
  [[nodiscard]] Ended ended() const { return Ended(job_); }

 private:
  std::shared_ptr<JobOf<Result>> job_;
  // END SOLUTION
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

template <class Result>
Spawned<Result> Scheduler::spawn(Task<Result> task)
{
  // BEGIN SOLUTION
  // STUB: (void)task;
  // STUB: return {};
  auto job = std::make_shared<JobOf<Result>>(*this, std::move(task));
  keep(job);
  job->begin(job->outermost());
  return Spawned<Result>(std::move(job));
  // END SOLUTION
}

template <class Result>
Result Scheduler::run(Task<Result> task)
{
  const Spawned<Result> spawned = spawn(std::move(task));
  loop_.run();
  if (!spawned.done()) throw std::logic_error("the task waits for what can't come any more");
  return spawned.result();
}

template <class Result>
bool Spawned<Result>::done() const
{
  // BEGIN SOLUTION
  // STUB: return false;
  return job_->done;
  // END SOLUTION
}

template <class Result>
Result Spawned<Result>::result() const
{
  // BEGIN SOLUTION
  // STUB: throw std::logic_error("Spawned::result() is still to be written");
  return job_->take();
  // END SOLUTION
}

template <class Result>
bool Spawned<Result>::cancel() const
{
  // BEGIN SOLUTION
  // STUB: return false;
  return job_->cancel();
  // END SOLUTION
}

template <class Result>
auto Spawned<Result>::operator co_await() const
{
  // BEGIN SOLUTION
  // STUB: return typename Task<Result>::Await{};
  return EndedWith<Result>(job_);
  // END SOLUTION
}

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
