// Yours: what thread_pool.hpp promises. Everything that the pool keeps is in State.
#include "thread_pool.hpp"
// BEGIN SOLUTION

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
// END SOLUTION

struct ThreadPool::State {
  // BEGIN SOLUTION
  using Task = std::packaged_task<std::int64_t()>;  // keeps the result, or what was thrown
  using Lock = std::unique_lock<std::mutex>;

  std::mutex mutex;  // guards the queue and the two flags
  std::condition_variable job_came;
  std::condition_variable room_came;
  std::deque<Task> queue;
  std::size_t most_waiting = kUnbounded;
  bool closing = false;
  bool dropping = false;

  std::once_flag ended;
  std::vector<std::thread> threads;

  void work();
  void close(Shutdown how);
  Future append(Job job, Lock& lock);
  [[nodiscard]] bool has_room() const { return queue.size() < most_waiting; }
  [[nodiscard]] bool takes_no_more() const;
  // END SOLUTION
};
// BEGIN SOLUTION

namespace {

// Which pool this thread works for, if any. A State's address, which is unique while it lives.
thread_local const void* my_pool = nullptr;

}  // namespace

void ThreadPool::State::work()
{
  my_pool = this;
  Lock lock(mutex);
  for (;;) {
    // The predicate is looked at with the mutex held, and again after each wake-up: what comes
    // before the wait is seen, what comes after it wakes, and a wake-up for nothing does no harm.
    job_came.wait(lock, [this] { return !queue.empty() || closing; });
    if (queue.empty()) return;
    Task task = std::move(queue.front());
    queue.pop_front();
    lock.unlock();  // or the others would wait while the job runs
    room_came.notify_one();
    task();
    task = {};  // what the job holds is freed here, with the mutex free
    lock.lock();
  }
}

// While it drains, what the jobs themselves submit is part of the work.
bool ThreadPool::State::takes_no_more() const { return dropping || (closing && my_pool != this); }

ThreadPool::Future ThreadPool::State::append(Job job, Lock& lock)
{
  queue.emplace_back(std::move(job));
  Future future = queue.back().get_future();
  lock.unlock();
  job_came.notify_one();
  return future;
}

void ThreadPool::State::close(Shutdown how)
{
  std::deque<Task> dropped;  // outlives the lock: the jobs' destructors may do anything
  const Lock lock(mutex);  // or a worker that has just looked, and is about to sleep, would miss it
  closing = true;
  dropping = how == Shutdown::kDrop;
  if (dropping) dropped.swap(queue);
}
// END SOLUTION

ThreadPool::ThreadPool(int workers, std::size_t most_waiting) : state_(std::make_unique<State>())
{
  // BEGIN SOLUTION
  // STUB: (void)workers;
  // STUB: (void)most_waiting;
  if (workers < 1) throw std::invalid_argument("a pool of fewer than one worker");
  if (most_waiting < 1) throw std::invalid_argument("a queue that holds nothing");
  state_->most_waiting = most_waiting;
  try {
    for (int made = 0; made < workers; ++made)
      state_->threads.emplace_back([state = state_.get()] { state->work(); });
  } catch (...) {
    shut_down(Shutdown::kDrop);  // a std::thread that is destroyed unjoined ends the program
    throw;
  }
  // END SOLUTION
}

ThreadPool::~ThreadPool()
{
  // BEGIN SOLUTION
  shut_down(Shutdown::kDrain);
  // END SOLUTION
}

ThreadPool::Future ThreadPool::submit(Job job)
{
  // BEGIN SOLUTION
  // STUB: (void)job;
  // STUB: throw std::logic_error("submit() is still to be written");
  State::Lock lock(state_->mutex);
  if (!state_->has_room() && my_pool == state_.get()) {
    lock.unlock();
    State::Task task(std::move(job));
    task();
    return task.get_future();
  }
  state_->room_came.wait(lock, [this] { return state_->has_room() || state_->takes_no_more(); });
  if (state_->takes_no_more()) throw PoolClosed();
  return state_->append(std::move(job), lock);
  // END SOLUTION
}

std::optional<ThreadPool::Future> ThreadPool::try_submit(Job job)
{
  // BEGIN SOLUTION
  // STUB: (void)job;
  // STUB: return std::nullopt;
  State::Lock lock(state_->mutex);
  if (state_->takes_no_more()) throw PoolClosed();
  if (!state_->has_room()) return std::nullopt;
  return state_->append(std::move(job), lock);
  // END SOLUTION
}

void ThreadPool::shut_down(Shutdown how)
{
  // BEGIN SOLUTION
  // STUB: (void)how;
  if (my_pool == state_.get()) throw std::logic_error("a job can't wait for its own worker's end");
  std::call_once(state_->ended, [&] {
    state_->close(how);
    state_->job_came.notify_all();
    state_->room_came.notify_all();
    for (std::thread& thread : state_->threads) thread.join();
  });
  // END SOLUTION
}
