#include "tasks/thread_pool.hpp"

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {

ThreadPool::ThreadPool(int workers)
{
  if (workers < 1) throw UsageError("a thread pool of " + std::to_string(workers) + " workers");
  try {
    for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    stop_and_join();
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

ThreadPool::~ThreadPool() { stop_and_join(); }

void ThreadPool::post(std::function<void()> function)
{
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(function));
  }
  work_available_.notify_one();
}

void ThreadPool::work()
{
  std::unique_lock lock(mutex_);
  for (;;) {
    work_available_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;  // stopping, and nothing is left to do
    const std::function<void()> function = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    function();
    lock.lock();
  }
}

void ThreadPool::stop_and_join()
{
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_available_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

}  // namespace two_cakes
