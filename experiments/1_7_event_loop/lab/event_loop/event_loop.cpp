// The event loop: what the interface in event_loop.hpp promises.
#include "event_loop.hpp"

#include <utility>
// BEGIN SOLUTION
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <mutex>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"

using two_cakes::check_syscall;
using two_cakes::UniqueFd;
// END SOLUTION

/// Everything that a loop knows.
struct EventLoop::State {
  // BEGIN SOLUTION
  struct Timer {
    Clock::time_point when;
    Callback callback;
  };
  // Shared, so that a callback that removes itself lives until it returns.
  using SharedCallback = std::shared_ptr<Callback>;
  struct Watch {
    std::uint32_t generation = 0;  // tells it from an earlier watch of the same number
    SharedCallback reader;
    SharedCallback writer;
  };

  UniqueFd epoll{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
  UniqueFd bell{check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))};

  std::deque<Callback> ready;
  std::set<std::pair<Clock::time_point, TimerId>> deadlines;  // what is due next stands in front
  std::unordered_map<TimerId, Timer> timers;
  TimerId last_timer = 0;
  std::unordered_map<int, Watch> watches;
  std::uint32_t last_generation = 0;
  bool stopping = false;

  std::mutex mutex;  // guards what other threads post
  std::vector<Callback> posted;

  State();
  bool idle();
  int milliseconds_to_wait() const;
  void wait_and_serve();
  void serve(int fd, std::uint32_t generation, std::uint32_t events);
  void take_posted();
  void call_due_timers();
  void call_ready();

  void watch(int fd, SharedCallback Watch::*side, Callback callback);
  bool unwatch(int fd, SharedCallback Watch::*side);
  void tell_epoll(int operation, int fd, const Watch& watch) const;
  // END SOLUTION
};

// BEGIN SOLUTION
namespace {

// What epoll hands back with an event: the number, and which of its watches was meant.
std::uint64_t key_of(int fd, std::uint32_t generation)
{
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

EventLoop::State::State()
{
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = key_of(bell.get(), 0);
  check_syscall("epoll_ctl", ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, bell.get(), &event));
}

bool EventLoop::State::idle()
{
  if (!ready.empty() || !timers.empty() || !watches.empty()) return false;
  const std::lock_guard lock(mutex);
  return posted.empty();
}

int EventLoop::State::milliseconds_to_wait() const
{
  if (!ready.empty()) return 0;
  if (deadlines.empty()) return -1;
  const auto when = deadlines.begin()->first;
  const auto now = Clock::now();
  if (when <= now) return 0;
  // Rounded down, it would wake too soon, and go round and round until the millisecond is over.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - now).count();
  return static_cast<int>(std::min<std::int64_t>(left, INT_MAX));
}

void EventLoop::State::wait_and_serve()
{
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()),
                                 milliseconds_to_wait());
  if (count == -1 && errno == EINTR) return;  // the next turn looks at the clock again
  check_syscall("epoll_wait", count);
  for (const epoll_event& event : std::span(events.data(), static_cast<std::size_t>(count))) {
    if (stopping) return;
    const auto fd = static_cast<int>(static_cast<std::uint32_t>(event.data.u64));
    if (fd == bell.get()) take_posted();
    else serve(fd, static_cast<std::uint32_t>(event.data.u64 >> 32), event.events);
  }
}

void EventLoop::State::serve(int fd, std::uint32_t generation, std::uint32_t events)
{
  // Looked up before each call: an earlier callback of this turn may have removed it.
  const auto call = [&](SharedCallback Watch::*side) {
    const auto found = watches.find(fd);
    if (found == watches.end() || found->second.generation != generation) return;
    if (const SharedCallback callback = found->second.*side) (*callback)();
  };
  // The end of a pipe and an error come as EPOLLHUP and EPOLLERR alone: they concern both sides.
  if ((events & ~EPOLLOUT) != 0) call(&Watch::reader);
  if ((events & ~EPOLLIN) != 0 && !stopping) call(&Watch::writer);
}

void EventLoop::State::take_posted()
{
  // The bell is silenced first: who posts after the look below rings it again.
  std::uint64_t rings = 0;
  while (::read(bell.get(), &rings, sizeof rings) == -1 && errno == EINTR) {
  }
  const std::lock_guard lock(mutex);
  for (Callback& callback : posted) ready.push_back(std::move(callback));
  posted.clear();
}

void EventLoop::State::call_due_timers()
{
  // Listed before the first is called: one that makes itself again, due at once, has its turn
  // later.
  std::vector<TimerId> due;
  const auto now = Clock::now();
  for (const auto& [when, timer] : deadlines) {
    if (when > now) break;
    due.push_back(timer);
  }
  for (const TimerId timer : due) {
    if (stopping) return;
    const auto node = timers.extract(timer);
    if (node.empty()) continue;  // cancelled by one that was called before it
    deadlines.erase({node.mapped().when, timer});
    node.mapped().callback();
  }
}

void EventLoop::State::call_ready()
{
  for (std::size_t left = ready.size(); left > 0 && !stopping; --left) {
    const Callback callback = std::move(ready.front());
    ready.pop_front();
    callback();
  }
}

void EventLoop::State::tell_epoll(int operation, int fd, const Watch& watch) const
{
  epoll_event event{};
  event.events = (watch.reader ? EPOLLIN : 0U) | (watch.writer ? EPOLLOUT : 0U);
  event.data.u64 = key_of(fd, watch.generation);
  check_syscall("epoll_ctl", ::epoll_ctl(epoll.get(), operation, fd, &event), std::to_string(fd));
}

void EventLoop::State::watch(int fd, SharedCallback Watch::*side, Callback callback)
{
  const auto found = watches.find(fd);
  const bool known = found != watches.end();
  Watch changed = known ? found->second : Watch{++last_generation, nullptr, nullptr};
  changed.*side = std::make_shared<Callback>(std::move(callback));
  tell_epoll(known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, changed);
  watches[fd] = std::move(changed);
}

bool EventLoop::State::unwatch(int fd, SharedCallback Watch::*side)
{
  const auto found = watches.find(fd);
  if (found == watches.end() || !(found->second.*side)) return false;
  (found->second.*side).reset();
  if (found->second.reader || found->second.writer) {
    tell_epoll(EPOLL_CTL_MOD, fd, found->second);
  } else {
    watches.erase(found);
    ::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  }
  return true;
}

// END SOLUTION
EventLoop::EventLoop() : state_(std::make_unique<State>()) {}

EventLoop::~EventLoop() = default;

void EventLoop::call_soon(Callback callback)
{
  // BEGIN SOLUTION
  // STUB: (void)callback;
  state_->ready.push_back(std::move(callback));
  // END SOLUTION
}

void EventLoop::call_soon_threadsafe(Callback callback)
{
  // BEGIN SOLUTION
  // STUB: (void)callback;
  {
    const std::lock_guard lock(state_->mutex);
    state_->posted.push_back(std::move(callback));
  }
  const std::uint64_t once = 1;
  while (::write(state_->bell.get(), &once, sizeof once) == -1 && errno == EINTR) {
  }
  // END SOLUTION
}

EventLoop::TimerId EventLoop::call_at(Clock::time_point when, Callback callback)
{
  // BEGIN SOLUTION
  // STUB: (void)when, (void)callback;
  // STUB: return 0;
  const TimerId timer = ++state_->last_timer;
  state_->timers.emplace(timer, State::Timer{when, std::move(callback)});
  state_->deadlines.emplace(when, timer);
  return timer;
  // END SOLUTION
}

EventLoop::TimerId EventLoop::call_later(Clock::duration delay, Callback callback)
{
  // BEGIN SOLUTION
  // STUB: return call_at(Clock::now() + delay, std::move(callback));
  const auto now = Clock::now();
  const bool beyond = delay > Clock::time_point::max() - now;
  return call_at(beyond ? Clock::time_point::max() : now + std::max(delay, delay.zero()),
                 std::move(callback));
  // END SOLUTION
}

bool EventLoop::cancel(TimerId timer)
{
  // BEGIN SOLUTION
  // STUB: (void)timer;
  // STUB: return false;
  const auto node = state_->timers.extract(timer);
  if (node.empty()) return false;
  state_->deadlines.erase({node.mapped().when, timer});
  return true;
  // END SOLUTION
}

void EventLoop::add_reader(int fd, Callback callback)
{
  // BEGIN SOLUTION
  // STUB: (void)fd, (void)callback;
  state_->watch(fd, &State::Watch::reader, std::move(callback));
  // END SOLUTION
}

void EventLoop::add_writer(int fd, Callback callback)
{
  // BEGIN SOLUTION
  // STUB: (void)fd, (void)callback;
  state_->watch(fd, &State::Watch::writer, std::move(callback));
  // END SOLUTION
}

bool EventLoop::remove_reader(int fd)
{
  // BEGIN SOLUTION
  // STUB: (void)fd;
  // STUB: return false;
  return state_->unwatch(fd, &State::Watch::reader);
  // END SOLUTION
}

bool EventLoop::remove_writer(int fd)
{
  // BEGIN SOLUTION
  // STUB: (void)fd;
  // STUB: return false;
  return state_->unwatch(fd, &State::Watch::writer);
  // END SOLUTION
}

void EventLoop::run()
{
  // BEGIN SOLUTION
  // STUB: // turn after turn, until there is nothing left
  State& loop = *state_;
  loop.stopping = false;
  while (!loop.stopping && !loop.idle()) {
    loop.wait_and_serve();
    loop.call_due_timers();
    loop.call_ready();
  }
  // END SOLUTION
}

void EventLoop::stop()
{
  // BEGIN SOLUTION
  // STUB: // no further callback, and the end of run()
  state_->stopping = true;
  // END SOLUTION
}
