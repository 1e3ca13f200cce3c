#include "tasks/task_frame.hpp"

#include <stdexcept>

#include "tasks/cancelled.hpp"
#include "tasks/scheduler.hpp"

namespace two_cakes {

bool TaskFrame::take_cancel()
{
  const bool pending = cancel_pending_ == 1;
  cancel_pending_ = 0;
  return pending;
}

bool TaskFrame::take_interruption()
{
  const bool interrupted = interrupted_ == 1;
  interrupted_ = 0;
  return interrupted;
}

bool TaskFrame::interrupt_now()
{
  cancel_pending_ = 0;
  interrupted_ = 1;
  return false;
}

void TaskFrame::throw_cancelled()
{
  interrupted_ = 0;
  throw Cancelled{};
}

void TaskFrame::fail(std::exception_ptr exception) noexcept
{
  new (&exception_) std::exception_ptr(std::move(exception));
  failed_ = 1;
}

void TaskFrame::cancel()
{
  TaskFrame* frame = this;
  while (Waiting* const waiting = frame->waiting()) {
    TaskFrame* const child = waiting->child();
    if (child == nullptr) break;
    waiting->pass_on_cancel();
    frame = child;
  }
  if (frame->finished_ == 1) return;
  if (frame->waiting() == nullptr) {
    frame->cancel_pending_ = 1;
  } else {
    frame->interrupted_ = 1;
    frame->waiting()->cancel(*frame);
  }
}

TaskFrame& TaskFrame::innermost()
{
  TaskFrame* frame = this;
  while (Waiting* const waiting = frame->waiting()) {
    TaskFrame* const child = waiting->child();
    if (child == nullptr) break;
    frame = child;
  }
  return *frame;
}

TaskFrame& TaskFrame::outermost()
{
  TaskFrame* frame = this;
  while (!frame->is_task()) frame = frame->parent_;
  return *frame;
}

void TaskFrame::set_joiner(Joiner* joiner)
{
  if (joiner != nullptr && joiner_ != nullptr)
    throw std::logic_error("two coroutines wait for the same task");
  joiner_ = joiner;
}

void TaskFrame::resume_soon() { Scheduler::here().resume_soon(*this); }

std::coroutine_handle<> TaskFrame::task_ends() noexcept
{
  Scheduler::running_->task_ended(*this);
  return std::noop_coroutine();
}

void TaskFrame::leave_loop() noexcept { Scheduler::here().forget(*this); }

}  // namespace two_cakes
