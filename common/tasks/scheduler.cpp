#include "tasks/scheduler.hpp"

#include <algorithm>
#include <stdexcept>

#include "tasks/cancelled.hpp"
#include "tasks/running_loop.hpp"
#include "tasks/task_dump.hpp"

namespace two_cakes {

Scheduler::Scheduler() : on_exception_(print_unobserved) {}

// A frame that is destroyed may destroy other tasks, and spawn new ones. Those whose handle
// somebody holds come last: that may be one of the others, who lets go of it when it is destroyed.
void Scheduler::clear()
{
  const auto last_that_nobody_holds = [this]() -> TaskFrame* {
    const auto& all = tasks_.all();
    const auto found = std::find_if(all.rbegin(), all.rend(),
                                    [](const TaskFrame* task) { return task->detached_ == 1; });
    return found == all.rend() ? nullptr : *found;
  };
  while (TaskFrame* const task = last_that_nobody_holds()) task->handle().destroy();
  while (!tasks_.empty()) tasks_.all().back()->handle().destroy();
  while (!ready_.empty()) ready_.take().drop();
  while (TimerNode* const node = timers_.take_due(Clock::time_point::max()))
    static_cast<TimerCallback*>(node)->release();
}

void Scheduler::start(TaskFrame& task, std::string name)
{
  tasks_.add(task, std::move(name));
  task.queued_ = 1;
  task.position = ready_.push(&run_first, &task) & (TimerQueue::kPositions - 1);
  if (observer_ != nullptr) [[unlikely]]
    observer_->created(task, tasks_.name_of(task), Clock::now());
}

void Scheduler::run_first(void* what, ReadyQueue::Verb verb)
{
  if (verb == ReadyQueue::Verb::kDrop) return;
  TaskFrame& task = *static_cast<TaskFrame*>(what);
  if (!task.take_cancel()) return running_->resume_now(task);
  task.queued_ = 0;
  task.fail(std::make_exception_ptr(Cancelled{}));
  running_->task_ended(task);
}

void Scheduler::run_frame(void* what, ReadyQueue::Verb verb)
{
  if (verb == ReadyQueue::Verb::kRun) running_->resume_now(*static_cast<TaskFrame*>(what));
}

void Scheduler::resume_soon(TaskFrame& frame)
{
  frame.waiting_ = nullptr;
  frame.queued_ = 1;
  frame.position = ready_.push(&run_frame, &frame) & (TimerQueue::kPositions - 1);
  if (observer_ != nullptr) [[unlikely]]
    observer_->ready(frame.outermost(), Clock::now());
}

void Scheduler::resume_now(TaskFrame& frame)
{
  frame.waiting_ = nullptr;
  frame.queued_ = 0;
  if (observer_ == nullptr) [[likely]]
    frame.handle().resume();
  else resume_observed(frame);
}

void Scheduler::resume_observed(TaskFrame& frame)
{
  TaskFrame& task = frame.outermost();
  observed_task_ = &task;
  observer_->resumed(task, Clock::now());
  frame.handle().resume();
  if (std::exchange(observed_task_, nullptr) == nullptr || observer_ == nullptr) return;
  const Waiting* const waiting = task.innermost().waiting();
  if (waiting != nullptr) observer_->waits(task, waiting->describe(), Clock::now());
}

void Scheduler::sleep(TaskFrame& frame, Clock::time_point when)
{
  timers_.add(frame, when);
  frame.sleeping_ = 1;
}

void Scheduler::wake_early(TaskFrame& frame)
{
  if (frame.sleeping_ == 1) timers_.remove(frame);
  frame.sleeping_ = 0;
  resume_soon(frame);
}

void Scheduler::task_ended(TaskFrame& task) noexcept
{
  tasks_.remove(task);
  task.finished_ = 1;
  if (observer_ != nullptr) [[unlikely]] {
    observer_->finished(task, task.failed(), Clock::now());
    if (observed_task_ == &task) observed_task_ = nullptr;
  }
  if (task.detached_ == 0) {
    if (task.joiner_ != nullptr) std::exchange(task.joiner_, nullptr)->finished(task);
    return;
  }
  if (task.failed()) report(task);
  tasks_.forget_name(task);
  task.handle().destroy();
}

void Scheduler::report(TaskFrame& task) noexcept
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

void Scheduler::let_go(TaskFrame& task, bool observed) noexcept
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

void Scheduler::cancel(TaskFrame& task)
{
  const RunningLoop here(running_, this);
  task.cancel();
}

void Scheduler::destroy(TaskFrame& task)
{
  const TaskFrame& innermost = task.innermost();
  if (!task.finished() && innermost.waiting() == nullptr && !innermost.is_ready())
    throw std::logic_error("a task that is running can't be destroyed");
  if (!task.finished() && task.joiner_ != nullptr)
    throw std::logic_error("a task that another one awaits can't be destroyed");
  const RunningLoop here(running_, this);
  tasks_.forget_name(task);
  task.handle().destroy();
}

// A frame goes that is still in one of the loop's queues.
void Scheduler::forget(TaskFrame& frame) noexcept
{
  if (frame.sleeping_ == 1) timers_.remove(frame);
  if (frame.queued_ == 1) ready_.forget(frame.position);
  if (!frame.is_task() || frame.finished()) return;
  tasks_.remove(frame);
  tasks_.forget_name(frame);
}

void Scheduler::queue_due_timers()
{
  if (timers_.empty()) return;
  const auto now = Clock::now();
  for (int i = 0; i < kTimersPerTurn; ++i) {
    TimerNode* const node = timers_.take_due(now);
    if (node == nullptr) return;
    if (node->is_callback == 0) {
      auto& frame = static_cast<TaskFrame&>(*node);
      frame.sleeping_ = 0;
      resume_soon(frame);
    } else {
      auto& timer = static_cast<TimerCallback&>(*node);
      timer.state = TimerCallback::State::kQueued;
      timer.position = ready_.push(&run_timer, &timer) & (TimerQueue::kPositions - 1);
    }
  }
}

void Scheduler::run_ready()
{
  const std::size_t at_first = ready_.size();
  const std::size_t most = std::max(kReadyPerTurn, at_first);
  ends_turn_ = false;
  for (std::size_t i = 0; i < most && !ready_.empty() && !stopping_; ++i) {
    if (i >= at_first && ends_turn_) return;
    ready_.take().run();
  }
}

void Scheduler::run_timer(void* what, ReadyQueue::Verb verb)
{
  struct Release {
    TimerCallback& timer;
    ~Release() { timer.release(); }
  } const release{*static_cast<TimerCallback*>(what)};
  release.timer.state = TimerCallback::State::kOver;
  if (verb == ReadyQueue::Verb::kRun)
    release.timer.action(release.timer, TimerCallback::Verb::kRun);
}

void Scheduler::cancel(TimerCallback& timer)
{
  switch (std::exchange(timer.state, TimerCallback::State::kOver)) {
    case TimerCallback::State::kWaits:
      timers_.remove(timer);
      return timer.release();
    case TimerCallback::State::kQueued:
      ready_.forget(timer.position);
      return timer.release();
    case TimerCallback::State::kOver:
      return;
  }
}

void TimerHandle::cancel()
{
  if (node_ != nullptr && node_->state != TimerCallback::State::kOver) node_->loop->cancel(*node_);
}

Clock::time_point Scheduler::after(Clock::duration delay)
{
  const auto now = Clock::now();
  return delay < Clock::time_point::max() - now ? now + delay : Clock::time_point::max();
}

}  // namespace two_cakes
