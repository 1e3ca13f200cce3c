// sockets: the thread sleeps in epoll_wait, so that it is woken by whatever comes first: a
// descriptor that is ready, a deadline, or a message, for which there is a descriptor too
// (eventfd). epoll(7)
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <mutex>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "callbacks.hpp"
#include "steps.hpp"
#include "wait/time_left.hpp"

namespace two_cakes {
namespace {

class SocketLoop final : public Loop {
 public:
  SocketLoop() { control(EPOLL_CTL_ADD, posted_.get()); }

  void post(Message message) override
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
    if (messages_.size() == 1) check_syscall("eventfd_write", ::eventfd_write(posted_.get(), 1));
  }

  void post_at(Clock::time_point when, Message message) override
  {
    timers_.emplace(when, std::move(message));
  }

  void post_when_readable(int fd, Message message) override
  {
    control(EPOLL_CTL_ADD, fd);
    readers_.emplace(fd, std::move(message));
  }

  void run() override
  {
    while (goes_on())
      if (const Message message = next()) message();
  }

 private:
  Message next()
  {
    wait_for_descriptors();
    const std::lock_guard lock(mutex_);
    queue_due_timers();
    if (messages_.empty()) return {};
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

  void wait_for_descriptors()
  {
    std::array<epoll_event, 64> ready;
    const TimeLeft left(may_sleep_until());
    const int count = ::epoll_pwait2(epoll_.get(), ready.data(), ready.size(), left.get(), nullptr);
    if (count == -1 && errno == EINTR) return;
    check_syscall("epoll_pwait2", count);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[i].data.fd;
      eventfd_t posts = 0;
      if (fd == posted_.get()) check_syscall("eventfd_read", ::eventfd_read(fd, &posts));
      else queue_reader(fd);
    }
  }

  Clock::time_point may_sleep_until()
  {
    const std::lock_guard lock(mutex_);
    if (!messages_.empty()) return {};
    return timers_.empty() ? Clock::time_point::max() : timers_.begin()->first;
  }

  void queue_reader(int fd)
  {
    control(EPOLL_CTL_DEL, fd);
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(readers_.extract(fd).mapped()));
  }

  void queue_due_timers()
  {
    const auto due = timers_.upper_bound(Clock::now());
    for (auto each = timers_.begin(); each != due; ++each)
      messages_.push_back(std::move(each->second));
    timers_.erase(timers_.begin(), due);
  }

  void control(int operation, int fd)
  {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    check_syscall("epoll_ctl", ::epoll_ctl(epoll_.get(), operation, fd, &event));
  }

  std::mutex mutex_;
  std::deque<Message> messages_;
  std::multimap<Clock::time_point, Message> timers_;  // of the loop's thread alone
  std::map<int, Message> readers_;                    // the same, by descriptor
  UniqueFd epoll_{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
  UniqueFd posted_{check_syscall("eventfd", ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))};
};

}  // namespace

Outcome run_sockets(const Load& load)
{
  SocketLoop loop;
  return run_callbacks(loop, load);
}

}  // namespace two_cakes
