// The handle of a task that was spawned.
#pragma once

#include <coroutine>
#include <stdexcept>
#include <utility>

#include "tasks/task.hpp"
#include "tasks/task_list.hpp"

namespace two_cakes {

class Scheduler;

/// What one needs of a spawned task whatever its result: asyncio's Task object. Dropping it doesn't
/// end the task, which goes on by itself. While it is held, the frame of a finished task stays, and
/// so do the parameters of its function (not its variables, which are gone). It must not outlive
/// the loop.
class SpawnedTask {
 public:
  SpawnedTask(Scheduler& loop, TaskFrame& task) : loop_(&loop), task_(&task) {}
  SpawnedTask(SpawnedTask&& other) noexcept
      : loop_(other.loop_),
        task_(std::exchange(other.task_, nullptr)),
        observed_(other.observed_)
  {
  }
  SpawnedTask& operator=(SpawnedTask&& other) noexcept
  {
    std::swap(loop_, other.loop_);
    std::swap(task_, other.task_);
    std::swap(observed_, other.observed_);
    return *this;
  }
  ~SpawnedTask();

  [[nodiscard]] bool done() const { return task_->finished(); }
  [[nodiscard]] TaskFrame& frame() const { return *task_; }

  /// Throws Cancelled in it, where it waits; where it doesn't, at its next wait. One that hasn't
  /// begun never does. No effect on one that is done.
  void cancel();

  /// Destroys its frame now, wherever it waits: destructors run, nothing is thrown. Throws
  /// std::logic_error for a task that is running, or that another one awaits.
  void destroy();

  /// Tells `joiner` when it is done; nullptr for nobody. Throws std::logic_error where somebody
  /// waits for it already.
  void set_joiner(Joiner* joiner) { task_->set_joiner(joiner); }

 protected:
  void check_done() const
  {
    if (!done()) throw std::logic_error("the task has not finished");
  }
  void observed() { observed_ = true; }

 private:
  Scheduler* loop_;
  TaskFrame* task_;
  bool observed_ = false;  // somebody has had its result or its exception
};

template <class Result = void>
class Spawned : public SpawnedTask {
 public:
  Spawned(Scheduler& loop, typename Task<Result>::Handle task) : SpawnedTask(loop, task.promise())
  {
  }

  /// What the task has returned; throws what it has thrown. Once, and only when it is done.
  Result result()
  {
    check_done();
    observed();
    return static_cast<TaskPromise<Result>&>(frame()).take_result();
  }

  /// co_await: waits until it is done, and is its result. One coroutine may wait for it at a time.
  /// Cancelling whoever waits cancels the task, as in asyncio.
  auto operator co_await() { return Join(*this); }

 private:
  class Join final : public Waiting, public Joiner {
   public:
    explicit Join(Spawned& task) : task_(task) {}
    Join(const Join&) = delete;
    ~Join()
    {
      if (waiter_ != nullptr && !task_.done()) task_.set_joiner(nullptr);
    }
    bool await_ready() const noexcept { return task_.done(); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> caller)
    {
      task_.set_joiner(this);
      waiter_ = &caller.promise();
      if (waiter_->take_cancel()) task_.cancel();
      waiter_->waits_until(*this);
    }
    Result await_resume()
    {
      // A cancellation went to the task, which says how it ended.
      if (waiter_ != nullptr) waiter_->take_interruption();
      return task_.result();
    }
    void finished(TaskFrame&) override { waiter_->resume_soon(); }
    void cancel(TaskFrame&) override { task_.cancel(); }
    [[nodiscard]] std::string describe() const override
    {
      return "awaits " + function_name_of(task_.frame());
    }

   private:
    Spawned& task_;
    TaskFrame* waiter_ = nullptr;
  };
};

}  // namespace two_cakes
