// coroutines: what waits in the loop's queue, with its timers and at its descriptors, is a function
// that has stopped in its middle. Each co_await says what for; the loop goes on with it there. So
// the four loads stand here too, written straight down: compare them with callbacks.cpp.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <coroutine>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "outside.hpp"
#include "steps.hpp"
#include "wait/time_left.hpp"

namespace two_cakes {
namespace {

using Stopped = std::coroutine_handle<>;

/// A function that can stop in its middle. Owns its frame: what it was doing, and with what.
class Task {
 public:
  struct promise_type {
    Task get_return_object() { return Task(Frame::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }  // out of the loop that has resumed it
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  ~Task()
  {
    if (frame_) frame_.destroy();
  }
  [[nodiscard]] Stopped frame() const { return frame_; }

 private:
  using Frame = std::coroutine_handle<promise_type>;
  explicit Task(Frame frame) : frame_(frame) {}
  Frame frame_;
};

/// Stops the coroutine that awaits it, and puts it where the loop will find it.
template <class Put>
struct StopAnd {
  Put put;
  bool await_ready() const noexcept { return false; }
  void await_suspend(Stopped task) { put(task); }
  void await_resume() const noexcept {}
};

class CoroutineLoop {
 public:
  // What a coroutine can await: that all others had their turn, a time, a descriptor.
  auto turn()
  {
    return StopAnd{[this](Stopped task) { ready_.push_back(task); }};
  }
  auto until(Clock::time_point when)
  {
    return StopAnd{[=, this](Stopped task) { timers_.emplace(when, task); }};
  }
  auto readable(int fd)
  {
    return StopAnd{[=, this](Stopped task) {
      control(EPOLL_CTL_ADD, fd);
      readers_.emplace(fd, task);
    }};
  }

  void start(const Task& task) { ready_.push_back(task.frame()); }
  void stop() { stopped_ = true; }

  /// Returns how often it went round.
  long run()
  {
    long turns = 0;
    for (; !stopped_; ++turns) {
      wait_for_descriptors();
      queue_due_timers();
      if (ready_.empty()) continue;
      const Stopped task = ready_.front();
      ready_.pop_front();
      task.resume();
    }
    return turns;
  }

 private:
  void wait_for_descriptors()
  {
    std::array<epoll_event, 64> ready;
    const TimeLeft left(may_sleep_until());
    const int count = ::epoll_pwait2(epoll_.get(), ready.data(), ready.size(), left.get(), nullptr);
    if (count == -1 && errno == EINTR) return;
    check_syscall("epoll_pwait2", count);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[i].data.fd;
      control(EPOLL_CTL_DEL, fd);
      ready_.push_back(readers_.extract(fd).mapped());
    }
  }

  Clock::time_point may_sleep_until() const
  {
    if (!ready_.empty()) return {};
    return timers_.empty() ? Clock::time_point::max() : timers_.begin()->first;
  }

  void queue_due_timers()
  {
    const auto due = timers_.upper_bound(Clock::now());
    for (auto each = timers_.begin(); each != due; ++each) ready_.push_back(each->second);
    timers_.erase(timers_.begin(), due);
  }

  void control(int operation, int fd)
  {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    check_syscall("epoll_ctl", ::epoll_ctl(epoll_.get(), operation, fd, &event));
  }

  bool stopped_ = false;
  std::deque<Stopped> ready_;
  std::multimap<Clock::time_point, Stopped> timers_;
  std::map<int, Stopped> readers_;
  UniqueFd epoll_{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
};

/// Messages from other threads. Whoever waits for one waits for a descriptor.
class Mailbox {
 public:
  /// Any thread.
  void put(const Note& note)
  {
    const std::lock_guard lock(mutex_);
    notes_.push_back(note);
    check_syscall("eventfd_write", ::eventfd_write(arrived_.get(), 1));
  }
  /// All that have come; none where the descriptor isn't ready.
  std::vector<Note> take()
  {
    const std::lock_guard lock(mutex_);
    eventfd_t puts = 0;
    if (!notes_.empty()) check_syscall("eventfd_read", ::eventfd_read(arrived_.get(), &puts));
    return std::exchange(notes_, {});
  }
  [[nodiscard]] int fd() const { return arrived_.get(); }

 private:
  std::mutex mutex_;
  std::vector<Note> notes_;
  UniqueFd arrived_{check_syscall("eventfd", ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))};
};

struct Application {
  CoroutineLoop& loop;
  const Load& load;
  Log log{load};
  Mailbox mailbox;

  void handled(const Note& note)
  {
    log.handled(note);
    if (log.complete()) loop.stop();
  }
};

Task converse(Application& app)
{
  for (int i = 0; i < app.load.turns; ++i) {
    const Note note = app.log.posted();
    co_await app.loop.turn();
    app.handled(note);
    compute(app.load.work);
  }
}

Task tick(Application& app)
{
  auto when = Clock::now();
  while (!app.log.complete()) {
    const Note note = app.log.due_at(when += app.load.period);
    co_await app.loop.until(when);
    app.handled(note);
  }
}

Task take_messages(Application& app)
{
  while (!app.log.complete()) {
    co_await app.loop.readable(app.mailbox.fd());
    for (const Note& note : app.mailbox.take()) app.handled(note);
  }
}

Task listen(Application& app, const UniqueFd& socket)
{
  while (!app.log.complete()) {
    co_await app.loop.readable(socket.get());
    while (const auto note = receive_note(socket)) app.handled(*note);
  }
}

/// Returns how often the loop went round.
long run(Application& app)
{
  const Load& load = app.load;
  const auto [ours, theirs] = make_connection();
  std::vector<Task> tasks;
  std::jthread outside;
  switch (load.kind) {
    case LoadKind::kConversations:
      for (int i = 0; i < load.conversations; ++i) tasks.push_back(converse(app));
      break;
    case LoadKind::kTimer:
      tasks.push_back(tick(app));
      break;
    case LoadKind::kMessage:
      tasks.push_back(take_messages(app));
      outside = send_from_outside(load, [&](const Note& note) { app.mailbox.put(note); });
      break;
    case LoadKind::kSocket:
      tasks.push_back(listen(app, ours));
      outside = send_from_outside(load, [&](const Note& note) { send_note(theirs, note); });
  }
  for (const Task& task : tasks) app.loop.start(task);
  return app.loop.run();
}

}  // namespace

Outcome run_coroutines(const Load& load)
{
  CoroutineLoop loop;
  Application app{loop, load};
  return with_costs([&] { return run(app); }, app.log);
}

}  // namespace two_cakes
