// Tasks that run beside each other on a loop, and who owns them.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
// BEGIN SOLUTION
#include <unordered_set>
#include <vector>
// END SOLUTION

#include "loop.hpp"
#include "task.hpp"

template <class Result = void>
class Spawned;

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
