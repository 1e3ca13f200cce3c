#include "tasks/switching_lock.hpp"

namespace two_cakes {

void SwitchingLock::lock()
{
  std::unique_lock guard(mutex_);
  while (locked_) {
    const std::uint64_t switches_before = switches_;
    const bool timed_out = released_.wait_for(guard, switch_interval_) == std::cv_status::timeout;
    // If somebody else got it meanwhile, that one has only begun: it gets its interval, too.
    if (timed_out && locked_ && switches_ == switches_before) switch_requested_ = true;
  }
  locked_ = true;
  switch_requested_ = false;
  const auto me = std::this_thread::get_id();
  if (last_holder_ != me) {
    last_holder_ = me;
    ++switches_;
  }
  switched_.notify_all();
}

void SwitchingLock::unlock()
{
  std::unique_lock guard(mutex_);
  locked_ = false;
  released_.notify_one();
  if (!switch_requested_) return;
  // The forced switch: we are running and awake, so we would win the lock back before the other has
  // even woken up.
  switched_.wait(guard, [this, me = std::this_thread::get_id()] { return last_holder_ != me; });
}

void SwitchingLock::hand_over()
{
  unlock();
  lock();
}

std::uint64_t SwitchingLock::switches() const
{
  const std::lock_guard guard(mutex_);
  return switches_;
}

}  // namespace two_cakes
