// co_await in_pool(pool, function): what blocks or computes goes on elsewhere.
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "tasks/event_loop.hpp"
#include "tasks/thread_pool.hpp"

namespace two_cakes {

/// A function on its way through a pool. Shared by the pool's thread and whoever waits.
class PoolJob {
 public:
  explicit PoolJob(EventLoop& loop) : loop_(loop) {}
  virtual ~PoolJob() = default;

  /// On the pool's thread.
  static void work(const std::shared_ptr<PoolJob>& job);
  /// The pool has thrown it away: whoever waits gets an exception. Any thread.
  static void drop(const std::shared_ptr<PoolJob>& job);
  /// The coroutine that is resumed at the end; on the loop's thread.
  void set_waiter(TaskFrame* waiter) { waiter_ = waiter; }
  /// True where the function had not begun, and never will.
  bool withdraw();
  /// Blocks until the pool's thread has nothing to do with it any more.
  void wait_until_done() const;

 protected:
  virtual void run() = 0;
  virtual void fail(std::exception_ptr exception) = 0;

 private:
  bool begin();
  static void end(const std::shared_ptr<PoolJob>& job);

  enum class State : int { kQueued, kRunning, kDone, kWithdrawn };
  EventLoop& loop_;
  TaskFrame* waiter_ = nullptr;
  std::atomic<State> state_{State::kQueued};
};

/// What a pool gets of a job: it is done, or thrown away with this.
class PoolTicket {
 public:
  explicit PoolTicket(std::shared_ptr<PoolJob> job) : job_(std::move(job)) {}
  PoolTicket(PoolTicket&&) = default;
  ~PoolTicket()
  {
    if (job_ != nullptr) PoolJob::drop(job_);
  }
  void operator()() { PoolJob::work(std::exchange(job_, nullptr)); }

 private:
  std::shared_ptr<PoolJob> job_;
};

/// See in_pool().
template <class Function>
class InPool final : public Waiting {
 public:
  using Result = std::invoke_result_t<Function&>;

  InPool(ThreadPool& pool, Function function) : pool_(pool), function_(std::move(function)) {}
  InPool(const InPool&) = delete;
  InPool& operator=(const InPool&) = delete;
  ~InPool()
  {
    if (job_ == nullptr) return;
    job_->set_waiter(nullptr);
    if (!job_->withdraw()) job_->wait_until_done();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    waiter_ = &caller.promise();
    if (!waiter_->waits_for(*this)) return false;
    job_ = std::make_shared<Job>(EventLoop::running(), std::move(function_));
    job_->set_waiter(waiter_);
    EventLoop::running().begin_elsewhere();
    pool_.post(PoolTicket(job_));
    return true;
  }
  Result await_resume()
  {
    waiter_->resumes();
    if (job_->exception) std::rethrow_exception(job_->exception);
    if constexpr (!std::is_void_v<Result>) return std::move(*job_->result);
  }

  void cancel(TaskFrame& waiter) override
  {
    if (!job_->withdraw()) return;
    job_->set_waiter(nullptr);
    waiter.resume_soon();
  }
  [[nodiscard]] std::string describe() const override { return "awaits a function in a pool"; }

 private:
  struct Job final : PoolJob {
    Job(EventLoop& loop, Function wanted) : PoolJob(loop), function(std::move(wanted)) {}
    void run() override
    {
      try {
        if constexpr (std::is_void_v<Result>) function();
        else result.emplace(function());
      } catch (...) {
        exception = std::current_exception();
      }
    }
    void fail(std::exception_ptr why) override { exception = std::move(why); }
    Function function;
    std::conditional_t<std::is_void_v<Result>, char, std::optional<Result>> result{};
    std::exception_ptr exception;
  };

  ThreadPool& pool_;
  Function function_;
  std::shared_ptr<Job> job_;
  TaskFrame* waiter_ = nullptr;
};

/// co_await in_pool(pool, function): runs `function` on a thread of `pool`, and goes on, on the
/// loop's thread, with what it returned; what it threw is thrown here. Where the task is cancelled,
/// a function that has not begun never does; one that runs can't be stopped, and Cancelled is
/// thrown after it. Where the pool is shut down, and drops or refuses the function, throws
/// std::runtime_error. Destroying a coroutine that waits here blocks as long as its function runs,
/// for that may use what is in the frame; so does a bounded pool that is full: ThreadPool::post().
template <class Function>
InPool<Function> in_pool(ThreadPool& pool, Function function)
{
  return {pool, std::move(function)};
}

}  // namespace two_cakes
