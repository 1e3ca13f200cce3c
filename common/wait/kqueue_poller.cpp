// kqueue: the kernel keeps the list, as with epoll; but an entry is a descriptor *and* a direction,
// and changes can go in with the wait.
#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "wait/poller.hpp"
#include "wait/time_left.hpp"

#if __has_include(<sys/event.h>)

#include <fcntl.h>
#include <sys/event.h>
#include <sys/types.h>

#include <array>
#include <cerrno>
#include <string>

namespace two_cakes {
namespace {

Ready from_kqueue(const struct kevent& event)
{
  if ((event.flags & EV_ERROR) != 0 || ((event.flags & EV_EOF) != 0 && event.fflags != 0))
    return Ready::kBoth;
  // A writer whose reader has gone hears of it as the end of the stream.
  if (event.filter == EVFILT_WRITE && (event.flags & EV_EOF) != 0) return Ready::kBoth;
  return event.filter == EVFILT_READ ? Ready::kRead : Ready::kWrite;
}

class KqueuePoller final : public Poller {
 public:
  KqueuePoller() : kqueue_(check_syscall("kqueue", ::kqueue()))
  {
    ::fcntl(kqueue_.get(), F_SETFD, FD_CLOEXEC);
  }

  [[nodiscard]] std::string_view name() const override { return "kqueue"; }

  void add(int fd, Ready interest, std::uint64_t tag) override
  {
    if (::fcntl(fd, F_GETFD) == -1) fail(errno, fd);
    if (static_cast<std::size_t>(fd) >= known_.size()) known_.resize(fd + 1);
    if (known_[fd].registered) fail(EEXIST, fd);  // EV_ADD alone would change it instead
    change(fd, {tag, interest, true});
  }
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    check_registered(fd);
    const Known now{tag, interest, true};
    if (known_[fd] == now) return;
    change(fd, now);
  }
  void remove(int fd) override
  {
    check_registered(fd);
    change(fd, {});
  }

  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    events.clear();
    const TimeLeft left(deadline);
    const int room = static_cast<int>(ready_.size());
    const int count = ::kevent(kqueue_.get(), nullptr, 0, ready_.data(), room, left.get());
    if (count == -1 && errno == EINTR) return;
    check_syscall("kevent", count);
    for (int i = 0; i < count; ++i)
      events.push_back({known_[ready_[i].ident].tag, from_kqueue(ready_[i])});
  }

 private:
  struct Known {
    std::uint64_t tag = 0;
    Ready interest = Ready::kNothing;
    bool registered = false;
    bool operator==(const Known&) const = default;
  };

  [[noreturn]] static void fail(int error_number, int fd)
  {
    throw SyscallError(error_number, "kevent", "descriptor " + std::to_string(fd));
  }
  void check_registered(int fd) const
  {
    if (fd < 0 || static_cast<std::size_t>(fd) >= known_.size() || !known_[fd].registered)
      fail(ENOENT, fd);
  }

  void change(int fd, const Known& now)
  {
    const Ready before = known_[fd].interest;
    known_[fd] = now.registered ? now : Known{};
    switch_filter(fd, EVFILT_READ, before, now.interest, Ready::kRead);
    switch_filter(fd, EVFILT_WRITE, before, now.interest, Ready::kWrite);
  }
  void switch_filter(int fd, short filter, Ready before, Ready now, Ready direction)
  {
    const bool was_on = (before & direction) != Ready::kNothing;
    const bool is_on = (now & direction) != Ready::kNothing;
    if (was_on == is_on) return;
    struct kevent entry {};
    EV_SET(&entry, fd, filter, is_on ? EV_ADD : EV_DELETE, 0, 0, nullptr);
    const int result = ::kevent(kqueue_.get(), &entry, 1, nullptr, 0, nullptr);
    if (result == 0 || (!is_on && (errno == ENOENT || errno == EBADF)))
      return;  // closed: forgotten
    const int error_number = errno;
    known_[fd] = {};
    fail(error_number, fd);
  }

  UniqueFd kqueue_;
  std::vector<Known> known_;  // by descriptor; kept here, since kqueue keeps it by direction
  std::array<struct kevent, 512> ready_{};
};

}  // namespace

std::unique_ptr<Poller> make_kqueue_poller() { return std::make_unique<KqueuePoller>(); }

}  // namespace two_cakes

#else

namespace two_cakes {

std::unique_ptr<Poller> make_kqueue_poller()
{
  throw Skipped("kqueue: this system has no sys/event.h; BSD and macOS have, Linux with libkqueue");
}

}  // namespace two_cakes

#endif
