// epoll, edge-triggered: the kernel hands out a descriptor when it becomes ready, and not again
// until something new has come. So interest can stay as it is while nobody reads; and who reads
// must read until that would block.
#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "wait/poller.hpp"
#include "wait/time_left.hpp"

#if __has_include(<sys/epoll.h>)

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <string>

namespace two_cakes {
namespace {

std::uint32_t to_epoll(Ready interest)
{
  std::uint32_t events = EPOLLET;
  if (includes(interest, Ready::kRead)) events |= EPOLLIN;
  if (includes(interest, Ready::kWrite)) events |= EPOLLOUT;
  return events;
}

Ready from_epoll(std::uint32_t events)
{
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return Ready::kBoth;
  Ready ready = Ready::kNothing;
  if ((events & EPOLLIN) != 0) ready = ready | Ready::kRead;
  if ((events & EPOLLOUT) != 0) ready = ready | Ready::kWrite;
  return ready;
}

class EpollEdgePoller final : public Poller {
 public:
  EpollEdgePoller() : epoll_(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))) {}

  [[nodiscard]] std::string_view name() const override { return "epoll_edge"; }
  [[nodiscard]] bool edge_triggered() const override { return true; }

  void add(int fd, Ready interest, std::uint64_t tag) override
  {
    control(EPOLL_CTL_ADD, fd, interest, tag);
  }
  // Not left out where nothing changes: it asks the kernel to report what is ready once more.
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    control(EPOLL_CTL_MOD, fd, interest, tag);
  }
  void remove(int fd) override { control(EPOLL_CTL_DEL, fd, Ready::kNothing, 0); }

  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    events.clear();
    const int count = wait_for(TimeLeft(deadline));
    if (count == -1 && errno == EINTR) return;
    check_syscall("epoll_wait", count);
    for (int i = 0; i < count; ++i)
      events.push_back({ready_[i].data.u64, from_epoll(ready_[i].events)});
  }

 private:
  void control(int operation, int fd, Ready interest, std::uint64_t tag)
  {
    epoll_event event{};
    event.events = to_epoll(interest);
    event.data.u64 = tag;
    const int result = ::epoll_ctl(epoll_.get(), operation, fd, &event);
    if (result == -1) throw SyscallError(errno, "epoll_ctl", "descriptor " + std::to_string(fd));
  }

  // epoll_wait counts in milliseconds; epoll_pwait2 (Linux 5.11) in nanoseconds.
  int wait_for(const TimeLeft& left)
  {
    const int room = static_cast<int>(ready_.size());
    if (left.for_ever()) return ::epoll_wait(epoll_.get(), ready_.data(), room, -1);
    if (left.only_look()) return ::epoll_wait(epoll_.get(), ready_.data(), room, 0);
    const int count = ::epoll_pwait2(epoll_.get(), ready_.data(), room, left.get(), nullptr);
    if (count != -1 || errno != ENOSYS) return count;
    return ::epoll_wait(epoll_.get(), ready_.data(), room, left.milliseconds());
  }

  UniqueFd epoll_;
  std::array<epoll_event, 512> ready_{};
};

}  // namespace

std::unique_ptr<Poller> make_epoll_edge_poller() { return std::make_unique<EpollEdgePoller>(); }

}  // namespace two_cakes

#else

namespace two_cakes {

std::unique_ptr<Poller> make_epoll_edge_poller()
{
  throw Skipped("epoll_edge: this system has no sys/epoll.h; Linux has");
}

}  // namespace two_cakes

#endif
