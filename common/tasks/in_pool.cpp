#include "tasks/in_pool.hpp"

namespace two_cakes {

// The loop is told before the job is done: whoever destroys the loop waits for kDone, and the loop
// isn't touched afterwards.
void PoolJob::work(const std::shared_ptr<PoolJob>& self)
{
  State expected = State::kQueued;
  if (!state_.compare_exchange_strong(expected, State::kRunning)) return;
  run();
  loop_.call_soon_threadsafe([self] {
    self->loop_.end_elsewhere();
    if (self->waiter_ != nullptr) self->loop_.resume_now(*self->waiter_);
  });
  state_ = State::kDone;
  state_.notify_all();
}

bool PoolJob::withdraw()
{
  State expected = State::kQueued;
  if (!state_.compare_exchange_strong(expected, State::kWithdrawn)) return false;
  loop_.end_elsewhere();
  return true;
}

void PoolJob::wait_until_done() const
{
  for (State now = state_; now == State::kRunning; now = state_) state_.wait(now);
}

}  // namespace two_cakes
