#include "tasks/event_loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

// A tag names a registration, not a descriptor: the number of a closed descriptor comes back for
// another connection, and an event that is still in the batch would reach the wrong one.
std::uint64_t tag_of(int fd, std::uint32_t generation)
{
  return static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

EventLoop::EventLoop(std::unique_ptr<Poller> poller)
    : poller_(std::move(poller)),
      wake_up_(check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)))
{
  poller_->add(wake_up_.get(), Ready::kRead, tag_of(wake_up_.get(), 0));
}

void EventLoop::call_soon_threadsafe(Callback callback)
{
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(callback));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written =
      ::write(wake_up_.get(), &one, sizeof one);  // full means awake already
}

void EventLoop::call_at(Clock::time_point when, Callback callback)
{
  timers_.push({when, timer_number_++, std::make_shared<Callback>(std::move(callback))});
}

void EventLoop::watch(int fd, Ready interest, ReadyCallback callback)
{
  const bool known = watches_.contains(fd);
  const std::uint32_t generation = ++generation_;
  if (known) poller_->modify(fd, interest, tag_of(fd, generation));
  else poller_->add(fd, interest, tag_of(fd, generation));
  watches_[fd] = {generation, std::make_shared<ReadyCallback>(std::move(callback))};
}

void EventLoop::unwatch(int fd)
{
  if (watches_.erase(fd) > 0) poller_->remove(fd);
}

void EventLoop::run_in_pool(ThreadPool& pool, Callback function, Callback done)
{
  ++in_pool_;
  pool.post([this, function = std::move(function), done = std::move(done)] {
    function();
    call_soon_threadsafe([this, done] {
      --in_pool_;
      done();
    });
  });
}

void EventLoop::run()
{
  stopping_ = false;
  while (!stopping_ && !idle()) {
    run_ready();
    if (stopping_ || idle()) break;
    wait_and_dispatch();
    queue_expired();
  }
}

bool EventLoop::idle()
{
  if (!ready_.empty() || !timers_.empty() || !watches_.empty() || in_pool_ > 0) return false;
  const std::lock_guard lock(posted_mutex_);
  return posted_.empty();
}

Clock::time_point EventLoop::next_deadline() const
{
  if (!ready_.empty()) return Clock::time_point::min();
  return timers_.empty() ? Clock::time_point::max() : timers_.top().when;
}

// Only what was ready when the turn began: a callback that asks for itself again waits for the next
// turn, so that it can't keep timers and descriptors from theirs.
void EventLoop::run_ready()
{
  for (std::size_t left = ready_.size(); left > 0 && !stopping_; --left) {
    const Callback callback = std::move(ready_.front());
    ready_.pop_front();
    callback();
  }
}

// Timers that are due join the ready callbacks: one that asks for a time in the past once more
// waits for the next turn too.
void EventLoop::queue_expired()
{
  const auto now = Clock::now();
  while (!timers_.empty() && timers_.top().when <= now) {
    ready_.push_back(std::move(*timers_.top().callback));
    timers_.pop();
  }
}

void EventLoop::wait_and_dispatch()
{
  poller_->wait(events_, next_deadline());
  for (const ReadyEvent& event : events_) dispatch(event);
}

void EventLoop::dispatch(const ReadyEvent& event)
{
  const int fd = static_cast<int>(event.tag & 0xffffffff);
  if (fd == wake_up_.get()) return take_posted();
  const auto found = watches_.find(fd);
  if (found == watches_.end() || tag_of(fd, found->second.generation) != event.tag) return;
  const auto callback = found->second.callback;
  (*callback)(event.ready);
}

void EventLoop::take_posted()
{
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t size = ::read(wake_up_.get(), &count, sizeof count);
  const std::lock_guard lock(posted_mutex_);
  for (Callback& callback : posted_) ready_.push_back(std::move(callback));
  posted_.clear();
}

}  // namespace two_cakes
