#include "tasks/ready_for.hpp"

#include <cerrno>
#include <utility>

#include "base/errors.hpp"

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
  std::exchange(loop_, nullptr)->resume_soon(*waiter_);
  closed_ = true;
}

void ReadyFor::await_resume() const
{
  waiter_->resumes();
  if (closed_) throw SyscallError(EBADF, "wait for", "descriptor " + std::to_string(fd_));
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
