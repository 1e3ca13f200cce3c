// The part of the event loop that starts, resumes, and ends coroutines.
#include <stdexcept>

#include "tasks/cancelled.hpp"
#include "tasks/event_loop.hpp"
#include "tasks/running_loop.hpp"
#include "tasks/task_dump.hpp"

namespace two_cakes {

void EventLoop::start(TaskFrame& task, std::string name)
{
  tasks_.add(task, std::move(name));
  task.queued_ = 1;
  task.position = ready_.push(&run_first, &task) & (TimerQueue::kPositions - 1);
  if (observer_ != nullptr) [[unlikely]]
    observer_->created(task, tasks_.name_of(task), Clock::now());
}

void EventLoop::run_first(void* what, ReadyQueue::Verb verb)
{
  if (verb == ReadyQueue::Verb::kDrop) return;
  TaskFrame& task = *static_cast<TaskFrame*>(what);
  if (!task.take_cancel()) return running_->resume_now(task);
  task.queued_ = 0;
  task.fail(std::make_exception_ptr(Cancelled{}));
  task.finished_ = 1;
  running_->task_ended(task);
}

void EventLoop::run_frame(void* what, ReadyQueue::Verb verb)
{
  if (verb == ReadyQueue::Verb::kRun) running_->resume_now(*static_cast<TaskFrame*>(what));
}

void EventLoop::resume_soon(TaskFrame& frame)
{
  frame.waiting_ = nullptr;
  frame.queued_ = 1;
  frame.position = ready_.push(&run_frame, &frame) & (TimerQueue::kPositions - 1);
  if (observer_ != nullptr) [[unlikely]]
    observer_->ready(frame.outermost(), Clock::now());
}

void EventLoop::resume_now(TaskFrame& frame)
{
  frame.waiting_ = nullptr;
  frame.queued_ = 0;
  if (observer_ == nullptr) [[likely]]
    frame.handle().resume();
  else resume_observed(frame);
}

void EventLoop::resume_observed(TaskFrame& frame)
{
  TaskFrame& task = frame.outermost();
  observed_task_ = &task;
  observer_->resumed(task, Clock::now());
  frame.handle().resume();
  if (std::exchange(observed_task_, nullptr) == nullptr || observer_ == nullptr) return;
  const Waiting* const waiting = task.innermost().waiting();
  if (waiting != nullptr) observer_->waits(task, waiting->describe(), Clock::now());
}

void EventLoop::sleep(TaskFrame& frame, Clock::time_point when)
{
  timers_.add(frame, when);
  frame.sleeping_ = 1;
}

void EventLoop::wake_early(TaskFrame& frame)
{
  if (frame.sleeping_ == 1) timers_.remove(frame);
  frame.sleeping_ = 0;
  resume_soon(frame);
}

void EventLoop::task_ended(TaskFrame& task) noexcept
{
  if (observer_ != nullptr) [[unlikely]] {
    observer_->finished(task, task.failed(), Clock::now());
    if (observed_task_ == &task) observed_task_ = nullptr;
  }
  tasks_.remove(task);
  if (task.detached_ == 0) {
    if (task.joiner_ != nullptr) std::exchange(task.joiner_, nullptr)->finished(task);
    return;
  }
  if (task.failed()) report(task);
  tasks_.forget_name(task);
  task.handle().destroy();
}

void EventLoop::report(TaskFrame& task) noexcept
{
  try {
    std::rethrow_exception(task.exception());
  } catch (const Cancelled&) {
    return;  // that was somebody's wish
  } catch (...) {
  }
  try {
    on_exception_(task.exception(), tasks_.name_of(task));
  } catch (...) {
    // A handler that fails has nobody to tell.
  }
}

void EventLoop::let_go(TaskFrame& task, bool observed) noexcept
{
  if (!task.finished()) {
    task.detached_ = 1;
    return;
  }
  const RunningLoop here(running_, this);
  if (task.failed() && !observed) report(task);
  tasks_.forget_name(task);
  task.handle().destroy();
}

void EventLoop::cancel(TaskFrame& task)
{
  const RunningLoop here(running_, this);
  task.cancel();
}

void EventLoop::destroy(TaskFrame& task)
{
  const TaskFrame& innermost = task.innermost();
  if (!task.finished() && innermost.waiting() == nullptr && !innermost.is_ready())
    throw std::logic_error("a task that is running can't be destroyed");
  const RunningLoop here(running_, this);
  task.handle().destroy();
}

// A frame goes that is still in one of the loop's queues.
void EventLoop::forget(TaskFrame& frame) noexcept
{
  if (frame.sleeping_ == 1) timers_.remove(frame);
  if (frame.queued_ == 1) ready_.forget(frame.position);
  if (!frame.is_task() || frame.finished()) return;
  tasks_.remove(frame);
  tasks_.forget_name(frame);
}

}  // namespace two_cakes
