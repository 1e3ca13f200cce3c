#include "tasks/in_pool.hpp"

#include <stdexcept>

namespace two_cakes {

void PoolJob::work(const std::shared_ptr<PoolJob>& job)
{
  if (!job->begin()) return;
  job->run();
  end(job);
}

void PoolJob::drop(const std::shared_ptr<PoolJob>& job)
{
  if (!job->begin()) return;
  job->fail(std::make_exception_ptr(std::runtime_error("dropped: the pool was shut down")));
  end(job);
}

bool PoolJob::begin()
{
  State expected = State::kQueued;
  return state_.compare_exchange_strong(expected, State::kRunning);
}

// The loop is told before the job is done: whoever destroys the loop waits for kDone, and the loop
// isn't touched afterwards.
void PoolJob::end(const std::shared_ptr<PoolJob>& job)
{
  job->loop_.call_soon_threadsafe([job] {
    job->loop_.end_elsewhere();
    if (job->waiter_ != nullptr) job->loop_.resume_now(*job->waiter_);
  });
  job->state_ = State::kDone;
  job->state_.notify_all();
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
