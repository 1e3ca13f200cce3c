// select: three sets of bits go into the kernel with each wait, and come back as the answer; both
// sides walk over all of them, up to the highest descriptor. The sets have room for FD_SETSIZE.
#include <fcntl.h>
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "base/errors.hpp"
#include "wait/poller.hpp"
#include "wait/time_left.hpp"

namespace two_cakes {
namespace {

class SelectPoller final : public Poller {
 public:
  SelectPoller()
  {
    FD_ZERO(&reading_);
    FD_ZERO(&writing_);
  }

  [[nodiscard]] std::string_view name() const override { return "select"; }

  void add(int fd, Ready interest, std::uint64_t tag) override
  {
    if (::fcntl(fd, F_GETFD) == -1) fail(errno, fd);
    // FD_SET beyond the end of the set writes over whatever lies behind it.
    if (fd >= FD_SETSIZE)
      throw SyscallError(EINVAL, "select",
                         "descriptor " + std::to_string(fd) +
                             ": it watches those below FD_SETSIZE (" + std::to_string(FD_SETSIZE) +
                             ") only");
    if (registered_[fd]) fail(EEXIST, fd);
    registered_[fd] = true;
    note(fd, interest, tag);
    highest_ = std::max(highest_, fd);
  }
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    check_registered(fd);
    note(fd, interest, tag);
  }
  void remove(int fd) override
  {
    check_registered(fd);
    registered_[fd] = false;
    note(fd, Ready::kNothing, 0);
    while (highest_ >= 0 && !registered_[highest_]) --highest_;
  }

  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    events.clear();
    const TimeLeft left(deadline);
    fd_set readable = reading_;
    fd_set writable = writing_;
    int count = ::pselect(highest_ + 1, &readable, &writable, nullptr, left.get(), nullptr);
    if (count == -1 && errno == EINTR) return;
    if (count == -1 && errno == EBADF) return report_closed(events);
    check_syscall("select", count);
    for (int fd = 0; count > 0; ++fd) {
      Ready ready = Ready::kNothing;
      if (FD_ISSET(fd, &readable)) ready = ready | Ready::kRead;
      if (FD_ISSET(fd, &writable)) ready = ready | Ready::kWrite;
      if (ready == Ready::kNothing) continue;
      events.push_back({tags_[fd], ready});
      count -= ready == Ready::kBoth ? 2 : 1;
    }
  }

 private:
  [[noreturn]] static void fail(int error_number, int fd)
  {
    throw SyscallError(error_number, "select", "descriptor " + std::to_string(fd));
  }
  void check_registered(int fd) const
  {
    if (fd < 0 || fd >= FD_SETSIZE || !registered_[fd]) fail(ENOENT, fd);
  }

  void note(int fd, Ready interest, std::uint64_t tag)
  {
    if (includes(interest, Ready::kRead)) FD_SET(fd, &reading_);
    else FD_CLR(fd, &reading_);
    if (includes(interest, Ready::kWrite)) FD_SET(fd, &writing_);
    else FD_CLR(fd, &writing_);
    tags_[fd] = tag;
  }

  // One closed descriptor fails the whole call, and select doesn't say which.
  void report_closed(std::vector<ReadyEvent>& events) const
  {
    for (int fd = 0; fd <= highest_; ++fd)
      if (registered_[fd] && ::fcntl(fd, F_GETFD) == -1)
        events.push_back({tags_[fd], Ready::kBoth});
  }

  fd_set reading_{};
  fd_set writing_{};
  std::array<std::uint64_t, FD_SETSIZE> tags_{};
  std::array<bool, FD_SETSIZE> registered_{};
  int highest_ = -1;
};

}  // namespace

std::unique_ptr<Poller> make_select_poller() { return std::make_unique<SelectPoller>(); }

}  // namespace two_cakes
