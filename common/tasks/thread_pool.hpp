// Fixed workers, one queue: the plainest pool of threads, made fast enough for small work.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tasks/handful.hpp"
#include "tasks/shutdown.hpp"
#include "tasks/small_function.hpp"

namespace two_cakes {

/// Runs functions on `workers` threads that are made once, first in, first out. Any thread may
/// submit, workers too. The destructor shuts down with kDrain.
///
/// A worker takes a handful from the queue at a time, and wakes another only where one sleeps. What
/// is left of a handful stays everybody's: nothing waits behind a busy worker while another is
/// free.
class ThreadPool {
 public:
  static constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

  /// At most `most_waiting` functions wait in the queue. Throws SyscallError, naming the limit,
  /// where so many threads can't be had; those made are joined first. UsageError for fewer than one
  /// worker, who would never do anything, and for a queue that holds nothing.
  explicit ThreadPool(int workers, std::size_t most_waiting = kUnbounded);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Queues `function`. The future gives its result or throws its exception; where the function was
  /// dropped, it throws std::future_error (broken_promise). Blocks as post() does. A worker that
  /// waits for a future takes a worker away: let it use help_until_ready().
  template <class Function>
  auto submit(Function function) -> std::future<std::invoke_result_t<Function&>>
  {
    std::packaged_task<std::invoke_result_t<Function&>()> task(std::move(function));
    auto future = task.get_future();
    post(std::move(task));
    return future;
  }

  /// The same, but nothing where the queue is full. Never blocks.
  template <class Function>
  auto try_submit(Function function) -> std::optional<std::future<std::invoke_result_t<Function&>>>
  {
    std::packaged_task<std::invoke_result_t<Function&>()> task(std::move(function));
    auto future = task.get_future();
    if (!try_post(std::move(task))) return std::nullopt;
    return future;
  }

  /// Queues all `functions`, in order, taking the lock once. Futures as of submit(), in order.
  template <class Function>
  auto submit_all(std::vector<Function> functions)
  {
    using Result = std::invoke_result_t<Function&>;
    std::vector<std::future<Result>> futures;
    std::vector<SmallFunction> tasks;
    for (Function& function : functions) {
      std::packaged_task<Result()> task(std::move(function));
      futures.push_back(task.get_future());
      tasks.emplace_back(std::move(task));
    }
    post_all(std::move(tasks));
    return futures;
  }

  /// Queues `function`: no future, so it must not throw (std::terminate). Returns at once, but
  /// where the queue is full: then it blocks until there is room. A worker of this pool, which
  /// might wait for itself, runs the function in its place instead. False where the pool has been
  /// shut down: the function is dropped.
  bool post(SmallFunction function);
  /// The same for many; false where some were dropped.
  bool post_all(std::vector<SmallFunction> functions);
  /// False where the queue is full, or the pool shut down: the function is dropped. Never blocks.
  bool try_post(SmallFunction function);

  /// Runs the function that has waited longest on this thread, or returns false where none waits.
  bool run_one();

  /// Waits for a future of this pool, and runs what is queued meanwhile: a worker may wait for what
  /// it has submitted, even the only one.
  template <class Result>
  void help_until_ready(const std::future<Result>& future)
  {
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      if (!run_one()) return future.wait();
  }

  /// Takes nothing more, drains or drops, and joins the workers. Blocks. While it drains, what the
  /// functions submit is taken still. Once is enough: a second call does nothing. Throws
  /// std::logic_error when a worker of this pool calls it, which can't join itself.
  void shut_down(Shutdown how);

  [[nodiscard]] std::size_t workers() const { return held_.size(); }

 private:
  enum class State { kOpen, kDraining, kClosed };
  using Lock = std::unique_lock<std::mutex>;

  void work(std::unique_ptr<Handful>& mine);
  void run_handful(std::unique_ptr<Handful>& mine, Lock& lock);
  void sleep(Lock& lock);
  bool enqueue(SmallFunction& function, Lock& lock);
  void append(SmallFunction function);
  SmallFunction take_one();
  SmallFunction take_from_others();
  [[nodiscard]] bool anything_waits() const;
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool takes_no_more() const;
  void unlock_and_wake(Lock& lock);
  std::vector<SmallFunction> close(Shutdown how);

  const std::size_t most_waiting_;
  std::mutex mutex_;  // guards all below; `functions` of a held handful belong to who begins them
  std::condition_variable work_available_;
  std::condition_variable room_available_;
  std::deque<std::unique_ptr<Handful>> queue_;
  std::vector<std::unique_ptr<Handful>> held_;   // one place for each worker
  std::vector<std::unique_ptr<Handful>> spare_;  // used up, to be filled again
  State state_ = State::kOpen;
  std::size_t sleeping_ = 0;
  bool waking_ = false;  // one was woken and hasn't looked around yet
  std::size_t submitters_waiting_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace two_cakes
