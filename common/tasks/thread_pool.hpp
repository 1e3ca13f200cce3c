// Fixed workers, one queue: the plainest pool of threads.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace two_cakes {

/// Runs functions on `workers` threads that are made once. Submitting is safe from any thread.
/// The destructor lets everything that was submitted run to its end, then joins the workers.
class ThreadPool {
 public:
  /// Throws SyscallError, naming the limit, where so many threads can't be had; those made are
  /// joined first. UsageError for fewer than one, who would never do anything.
  explicit ThreadPool(int workers);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Queues `function` and returns at once. The future gives its result, or throws its exception.
  template <class Function>
  auto submit(Function function) -> std::future<std::invoke_result_t<Function&>>
  {
    using Result = std::invoke_result_t<Function&>;
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(function));
    auto future = task->get_future();
    post([task] { (*task)(); });
    return future;
  }

  /// Queues `function` and returns at once: no future, so it must not throw (std::terminate).
  void post(std::function<void()> function);

  [[nodiscard]] std::size_t workers() const { return workers_.size(); }

 private:
  void work();
  void stop_and_join();

  std::mutex mutex_;
  std::condition_variable work_available_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace two_cakes
