#include "tasks/event_loop.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "base/errors.hpp"
#include "tasks/in_pool.hpp"
#include "tasks/running_loop.hpp"
#include "tasks/task_dump.hpp"

namespace two_cakes {
namespace {

constexpr auto kDontWait = Clock::time_point::min();

Task<> in_pool_and_then(EventLoop& loop, ThreadPool& pool, EventLoop::Callback function,
                        EventLoop::Callback done)
{
  co_await in_pool(pool, std::move(function));
  loop.call_soon(std::move(done));  // what it throws leaves run(), as every callback's does
}

}  // namespace

EventLoop::EventLoop(std::unique_ptr<Poller> poller)
    : descriptors_(std::move(poller)),
      signals_(mailbox_.bell())
{
  begin();
}

EventLoop::EventLoop(std::unique_ptr<Completion> completion)
    : descriptors_(std::move(completion)),
      signals_(mailbox_.bell())
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

EventLoop::~EventLoop()
{
  const RunningLoop here(running_, this);
  clear();
  if (latest_ == this) latest_ = nullptr;
}

EventLoop& EventLoop::running()
{
  if (running_ == nullptr) throw std::logic_error("no event loop runs on this thread");
  return static_cast<EventLoop&>(*running_);  // no other scheduler runs
}

void EventLoop::call_soon_threadsafe(Callback callback) { mailbox_.post(std::move(callback)); }

void EventLoop::run_in_pool(ThreadPool& pool, Callback function, Callback done)
{
  spawn(in_pool_and_then(*this, pool, std::move(function), std::move(done)));
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
  return nothing_to_run() && descriptors_.waited_for() == 0 && elsewhere_ == 0 && mailbox_.empty();
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
  if (anything_ready()) descriptors_.wait_and_dispatch(kDontWait);
  else if (spin_limit_.count() == 0 || !spin()) descriptors_.wait_and_dispatch(next_deadline());
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
  const auto end = std::min(begin + spin_limit_, next_deadline());
  do {
    if (!descriptors_.wait_and_dispatch(kDontWait)) continue;
    spin_failures_ = 0;
    return true;
  } while (Clock::now() < end);
  spin_failures_ = std::min(2 * spin_failures_ + 1, kLongestPause);
  spin_pause_ = spin_failures_ - 1;
  return false;
}

void EventLoop::take_posted()
{
  for (Callback& callback : mailbox_.take()) call_soon(std::move(callback));
  for (SignalCalls::Callback& callback : signals_.take()) call_soon(std::move(callback));
}

}  // namespace two_cakes
