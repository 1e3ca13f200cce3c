// epoll, level-triggered: the kernel keeps the list of descriptors, and hands out only the ready
// ones.
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "wait/poller.hpp"

namespace two_cakes {
namespace {

std::uint32_t to_epoll(Ready interest)
{
  std::uint32_t events = 0;
  if ((interest & Ready::kRead) != Ready::kNothing) events |= EPOLLIN;
  if ((interest & Ready::kWrite) != Ready::kNothing) events |= EPOLLOUT;
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

class EpollPoller final : public Poller {
 public:
  EpollPoller() : epoll_(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))) {}

  [[nodiscard]] std::string_view name() const override { return "epoll"; }

  void add(int fd, Ready interest, std::uint64_t tag) override
  {
    control(EPOLL_CTL_ADD, fd, interest, tag);
  }
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    control(EPOLL_CTL_MOD, fd, interest, tag);
  }
  void remove(int fd) override { control(EPOLL_CTL_DEL, fd, Ready::kNothing, 0); }

  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    events.clear();
    const int count = wait_until(deadline);
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

  int wait_until(Clock::time_point deadline)
  {
    constexpr int kForEver = -1;
    const int room = static_cast<int>(ready_.size());
    if (deadline == Clock::time_point::max())
      return ::epoll_wait(epoll_.get(), ready_.data(), room, kForEver);
    const auto now = Clock::now();
    if (deadline <= now) return ::epoll_wait(epoll_.get(), ready_.data(), room, 0);
    return wait_nanoseconds(std::chrono::ceil<std::chrono::nanoseconds>(deadline - now));
  }

  // epoll_wait counts in milliseconds; epoll_pwait2 (Linux 5.11) in nanoseconds.
  int wait_nanoseconds(std::chrono::nanoseconds left)
  {
    const timespec timeout{.tv_sec = left.count() / 1'000'000'000,
                           .tv_nsec = left.count() % 1'000'000'000};
    const int room = static_cast<int>(ready_.size());
    const int count = ::epoll_pwait2(epoll_.get(), ready_.data(), room, &timeout, nullptr);
    if (count != -1 || errno != ENOSYS) return count;
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return ::epoll_wait(epoll_.get(), ready_.data(), room,
                        static_cast<int>(std::min<long>(milliseconds, 3'600'000)));
  }

  UniqueFd epoll_;
  std::array<epoll_event, 512> ready_{};
};

}  // namespace

std::unique_ptr<Poller> make_epoll_poller() { return std::make_unique<EpollPoller>(); }

}  // namespace two_cakes
