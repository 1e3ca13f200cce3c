#include "tasks/ready_for.hpp"

namespace two_cakes {

void ReadyFor::begin()
{
  EventLoop& loop = EventLoop::running();
  try {
    loop.descriptors().wait_for(fd_, interest_, *this);
  } catch (...) {
    waiter_->stops_waiting();
    throw;
  }
  loop_ = &loop;
}

void ReadyFor::stop()
{
  if (loop_ != nullptr) std::exchange(loop_, nullptr)->descriptors().stop_waiting(fd_, interest_);
}

// Going on may destroy this awaiter: nothing of it is touched afterwards.
void ReadyFor::ready()
{
  EventLoop& loop = *loop_;
  stop();
  loop.resume_now(*waiter_);
}

void ReadyFor::closed()
{
  loop_ = nullptr;
  waiter_->resume_soon();
}

void ReadyFor::cancel(TaskFrame& waiter)
{
  stop();
  waiter.resume_soon();
}

std::string ReadyFor::describe() const
{
  return "waits until descriptor " + std::to_string(fd_) +
         (interest_ == Ready::kRead ? " can be read" : " can be written");
}

}  // namespace two_cakes
