#include "tasks/thread_pool.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kMostSpare = 64;

thread_local const ThreadPool* this_workers_pool = nullptr;

void run(SmallFunction& function) noexcept { function(); }

}  // namespace

ThreadPool::ThreadPool(int workers, std::size_t most_waiting) : most_waiting_(most_waiting)
{
  if (workers < 1) throw UsageError("a thread pool of " + std::to_string(workers) + " workers");
  if (most_waiting < 1) throw UsageError("a thread pool whose queue holds nothing");
  held_.resize(static_cast<std::size_t>(workers));
  try {
    for (auto& mine : held_) threads_.emplace_back([this, &mine] { work(mine); });
  } catch (const std::system_error& error) {
    shut_down(Shutdown::kDrop);
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

ThreadPool::~ThreadPool() { shut_down(Shutdown::kDrain); }

bool ThreadPool::post(SmallFunction function)
{
  Lock lock(mutex_);
  const bool taken = enqueue(function, lock);
  unlock_and_wake(lock);
  return taken;
}

bool ThreadPool::post_all(std::vector<SmallFunction> functions)
{
  Lock lock(mutex_);
  bool all_taken = true;
  for (SmallFunction& function : functions) all_taken = enqueue(function, lock) && all_taken;
  unlock_and_wake(lock);
  return all_taken;
}

bool ThreadPool::try_post(SmallFunction function)
{
  Lock lock(mutex_);
  if (takes_no_more() || !has_room()) return false;
  append(std::move(function));
  unlock_and_wake(lock);
  return true;
}

bool ThreadPool::run_one()
{
  Lock lock(mutex_);
  SmallFunction function = take_one();
  if (!function) function = take_from_others();
  unlock_and_wake(lock);
  if (function) run(function);
  return static_cast<bool>(function);
}

void ThreadPool::shut_down(Shutdown how)
{
  if (this_workers_pool == this)
    throw std::logic_error("a worker can't shut its own pool down: it would wait for its own end");
  close(how).clear();  // before the join: a worker may wait for what is dropped
  work_available_.notify_all();
  room_available_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const std::lock_guard lock(mutex_);
  state_ = State::kClosed;
}

/// Returns what is to be dropped: destroying it may run anything, so not under the lock.
std::vector<SmallFunction> ThreadPool::close(Shutdown how)
{
  std::vector<SmallFunction> dropped;
  const std::lock_guard lock(mutex_);
  if (state_ != State::kClosed)
    state_ = how == Shutdown::kDrain ? State::kDraining : State::kClosed;
  if (how == Shutdown::kDrain) return dropped;
  while (SmallFunction function = take_one()) dropped.push_back(std::move(function));
  while (SmallFunction function = take_from_others()) dropped.push_back(std::move(function));
  return dropped;
}

void ThreadPool::work(std::unique_ptr<Handful>& mine)
{
  this_workers_pool = this;
  Lock lock(mutex_);
  for (;;) {
    if (!queue_.empty()) {
      run_handful(mine, lock);
    } else if (SmallFunction function = take_from_others()) {
      unlock_and_wake(lock);
      run(function);
      function.reset();
      lock.lock();
    } else if (state_ != State::kOpen) {
      return;
    } else {
      sleep(lock);
    }
  }
}

void ThreadPool::run_handful(std::unique_ptr<Handful>& mine, Lock& lock)
{
  mine = std::move(queue_.front());
  queue_.pop_front();
  unlock_and_wake(lock);
  mine->run_all();
  lock.lock();
  mine->start_anew();
  if (spare_.size() < kMostSpare) spare_.push_back(std::move(mine));
  mine.reset();
}

void ThreadPool::sleep(Lock& lock)
{
  ++sleeping_;
  while (state_ == State::kOpen && !anything_waits()) {
    work_available_.wait(lock);
    waking_ = false;  // also where somebody else was quicker: the next one who posts wakes again
  }
  --sleeping_;
}

/// False where the pool has been shut down. Waits for room with the lock given back.
bool ThreadPool::enqueue(SmallFunction& function, Lock& lock)
{
  if (!has_room() && this_workers_pool == this) {
    unlock_and_wake(lock);
    run(function);
    lock.lock();
    return true;
  }
  if (!has_room() && !takes_no_more()) {
    unlock_and_wake(lock);  // or nobody would make room
    lock.lock();
    ++submitters_waiting_;
    room_available_.wait(lock, [this] { return has_room() || takes_no_more(); });
    --submitters_waiting_;
  }
  if (takes_no_more()) return false;
  append(std::move(function));
  return true;
}

void ThreadPool::append(SmallFunction function)
{
  // In a bounded queue each has a handful for itself, so that the number of handfuls is the number
  // of those that wait.
  const bool alone = most_waiting_ != kUnbounded;
  if (queue_.empty() || queue_.back()->full() || alone) {
    if (spare_.empty()) spare_.push_back(std::make_unique<Handful>());
    queue_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  }
  queue_.back()->add(std::move(function));
}

SmallFunction ThreadPool::take_one()
{
  if (queue_.empty()) return {};
  SmallFunction function = queue_.front()->take();
  if (queue_.front()->empty()) queue_.pop_front();
  return function;
}

SmallFunction ThreadPool::take_from_others()
{
  for (const auto& handful : held_)
    if (handful != nullptr && !handful->empty())
      if (SmallFunction function = handful->take()) return function;
  return {};
}

bool ThreadPool::anything_waits() const
{
  return !queue_.empty() || std::any_of(held_.begin(), held_.end(), [](const auto& handful) {
    return handful != nullptr && !handful->empty();
  });
}

bool ThreadPool::has_room() const { return queue_.size() < most_waiting_; }

// While it drains, what the workers' own functions submit is part of the work.
bool ThreadPool::takes_no_more() const
{
  return state_ == State::kClosed || (state_ == State::kDraining && this_workers_pool != this);
}

// One is woken at a time; it wakes the next where something is left (as Go's scheduler does).
void ThreadPool::unlock_and_wake(Lock& lock)
{
  const bool wake = sleeping_ > 0 && !waking_ && anything_waits();
  if (wake) waking_ = true;
  const bool make_room_known = submitters_waiting_ > 0 && has_room();
  lock.unlock();
  if (wake) work_available_.notify_one();
  if (make_room_known) room_available_.notify_one();
}

}  // namespace two_cakes
