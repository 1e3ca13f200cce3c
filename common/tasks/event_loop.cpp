#include "tasks/event_loop.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "base/errors.hpp"
#include "tasks/cancelled.hpp"
#include "tasks/running_loop.hpp"
#include "tasks/task_dump.hpp"

namespace two_cakes {
namespace {

constexpr auto kDontWait = Clock::time_point::min();

}  // namespace

EventLoop::EventLoop(std::unique_ptr<Poller> poller)
    : descriptors_(std::move(poller)),
      signals_(mailbox_.bell()),
      on_exception_(print_unobserved)
{
  begin();
}

EventLoop::EventLoop(std::unique_ptr<Completion> completion)
    : descriptors_(std::move(completion)),
      signals_(mailbox_.bell()),
      on_exception_(print_unobserved)
{
  begin();
}

EventLoop EventLoop::over(std::string_view backend)
{
  const auto is_in = [backend](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), backend) != names.end();
  };
  if (!is_in(backends()))
    throw UsageError(
        fmt::format("no backend '{}'; give one of: {}", backend, fmt::join(backends(), ", ")));
  if (is_in(completion_names())) return EventLoop(make_completion(backend));
  return EventLoop(make_poller(backend));
}

std::vector<std::string> EventLoop::backends()
{
  std::vector<std::string> names = poller_names();
  names.insert(names.end(), completion_names().begin(), completion_names().end());
  return names;
}

void EventLoop::begin()
{
  descriptors_.watch_own(mailbox_.bell().fd(), [this] { take_posted(); });
  latest_ = this;
}

// A frame that is destroyed may destroy other tasks, and spawn new ones. Those whose handle
// somebody holds come last: that may be one of the others, who lets go of it when it is destroyed.
EventLoop::~EventLoop()
{
  const RunningLoop here(running_, this);
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
  if (latest_ == this) latest_ = nullptr;
}

EventLoop& EventLoop::running()
{
  if (running_ == nullptr) throw std::logic_error("no event loop runs on this thread");
  return *running_;
}

void EventLoop::call_soon_threadsafe(Callback callback) { mailbox_.post(std::move(callback)); }

void EventLoop::run_in_pool(ThreadPool& pool, Callback function, Callback done)
{
  begin_elsewhere();
  pool.post([this, function = std::move(function), done = std::move(done)] {
    function();
    call_soon_threadsafe([this, done] {
      end_elsewhere();
      done();
    });
  });
}

void EventLoop::run()
{
  const RunningLoop here(running_, this);
  stopping_ = false;
  while (!stopping_ && !idle()) turn();
}

void EventLoop::run_forever()
{
  const RunningLoop here(running_, this);
  stopping_ = false;
  while (!stopping_) turn();
}

void EventLoop::run_until_finished(const TaskFrame& task)
{
  const RunningLoop here(running_, this);
  stopping_ = false;
  while (!task.finished()) {
    if (stopping_) throw std::logic_error("the loop was stopped before the task had finished");
    if (idle()) throw std::logic_error("the task waits for what can't come:\n" + dump(*this));
    turn();
  }
}

bool EventLoop::idle()
{
  return ready_.empty() && timers_.empty() && descriptors_.waited_for() == 0 && elsewhere_ == 0 &&
         mailbox_.empty();
}

void EventLoop::turn()
{
  wait_and_dispatch();
  if (stopping_) return;
  queue_due_timers();
  run_ready();
}

void EventLoop::wait_and_dispatch()
{
  if (!ready_.empty()) descriptors_.wait_and_dispatch(kDontWait);
  else if (spin_limit_.count() == 0 || !spin()) descriptors_.wait_and_dispatch(timers_.earliest());
}

// After a failure it pauses for twice as many waits as after the one before.
bool EventLoop::spin()
{
  constexpr unsigned kLongestPause = 256;
  if (spin_pause_ > 0) {
    --spin_pause_;
    return false;
  }
  const auto begin = Clock::now();
  const auto end = std::min(begin + spin_limit_, timers_.earliest());
  do {
    if (!descriptors_.wait_and_dispatch(kDontWait)) continue;
    spin_failures_ = 0;
    return true;
  } while (Clock::now() < end);
  spin_failures_ = std::min(2 * spin_failures_ + 1, kLongestPause);
  spin_pause_ = spin_failures_ - 1;
  return false;
}

void EventLoop::queue_due_timers()
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

void EventLoop::run_ready()
{
  for (int i = 0; i < kReadyPerTurn && !ready_.empty() && !stopping_; ++i) ready_.take().run();
}

void EventLoop::take_posted()
{
  for (Callback& callback : mailbox_.take()) call_soon(std::move(callback));
  for (SignalCalls::Callback& callback : signals_.take()) call_soon(std::move(callback));
}

void EventLoop::run_timer(void* what, ReadyQueue::Verb verb)
{
  struct Release {
    TimerCallback& timer;
    ~Release() { timer.release(); }
  } const release{*static_cast<TimerCallback*>(what)};
  release.timer.state = TimerCallback::State::kOver;
  if (verb == ReadyQueue::Verb::kRun)
    release.timer.action(release.timer, TimerCallback::Verb::kRun);
}

void EventLoop::cancel(TimerCallback& timer)
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

Clock::time_point EventLoop::after(Clock::duration delay)
{
  const auto now = Clock::now();
  return delay < Clock::time_point::max() - now ? now + delay : Clock::time_point::max();
}

}  // namespace two_cakes
