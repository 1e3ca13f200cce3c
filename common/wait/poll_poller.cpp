// poll: a list of descriptors goes into the kernel with each wait; both sides walk over all of it.
#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <string>

#include "base/errors.hpp"
#include "wait/poller.hpp"
#include "wait/time_left.hpp"

namespace two_cakes {
namespace {

short to_poll(Ready interest)
{
  int events = 0;
  if (includes(interest, Ready::kRead)) events |= POLLIN;
  if (includes(interest, Ready::kWrite)) events |= POLLOUT;
  return static_cast<short>(events);
}

Ready from_poll(short events)
{
  if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0) return Ready::kBoth;
  Ready ready = Ready::kNothing;
  if ((events & POLLIN) != 0) ready = ready | Ready::kRead;
  if ((events & POLLOUT) != 0) ready = ready | Ready::kWrite;
  return ready;
}

class PollPoller final : public Poller {
 public:
  [[nodiscard]] std::string_view name() const override { return "poll"; }

  void add(int fd, Ready interest, std::uint64_t tag) override
  {
    if (::fcntl(fd, F_GETFD) == -1) fail(errno, fd);
    if (static_cast<std::size_t>(fd) >= places_.size()) places_.resize(fd + 1, kNowhere);
    if (places_[fd] != kNowhere) fail(EEXIST, fd);
    places_[fd] = static_cast<int>(watched_.size());
    watched_.push_back({.fd = fd, .events = to_poll(interest), .revents = 0});
    tags_.push_back(tag);
  }
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    const int place = place_of(fd);
    watched_[place].events = to_poll(interest);
    tags_[place] = tag;
  }
  // The last one moves into the gap: the order of the list says nothing.
  void remove(int fd) override
  {
    const int place = place_of(fd);
    places_[watched_.back().fd] = place;
    watched_[place] = watched_.back();
    tags_[place] = tags_.back();
    watched_.pop_back();
    tags_.pop_back();
    places_[fd] = kNowhere;
  }

  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    events.clear();
    const TimeLeft left(deadline);
    int count = poll_for(left);
    if (count == -1 && errno == EINTR) return;
    check_syscall("poll", count);
    for (std::size_t place = 0; count > 0; ++place) {
      if (watched_[place].revents == 0) continue;
      events.push_back({tags_[place], from_poll(watched_[place].revents)});
      --count;
    }
  }

 private:
  static constexpr int kNowhere = -1;

  // poll counts in milliseconds, ppoll in nanoseconds; macOS has none.
  int poll_for(const TimeLeft& left)
  {
#ifdef __APPLE__
    return ::poll(watched_.data(), static_cast<nfds_t>(watched_.size()), left.milliseconds());
#else
    return ::ppoll(watched_.data(), watched_.size(), left.get(), nullptr);
#endif
  }

  [[noreturn]] static void fail(int error_number, int fd)
  {
    throw SyscallError(error_number, "poll", "descriptor " + std::to_string(fd));
  }
  [[nodiscard]] int place_of(int fd) const
  {
    if (fd < 0 || static_cast<std::size_t>(fd) >= places_.size() || places_[fd] == kNowhere)
      fail(ENOENT, fd);
    return places_[fd];
  }

  std::vector<pollfd> watched_;
  std::vector<std::uint64_t> tags_;  // of the descriptor at the same place of watched_
  std::vector<int> places_;          // by descriptor: its place in watched_
};

}  // namespace

std::unique_ptr<Poller> make_poll_poller() { return std::make_unique<PollPoller>(); }

}  // namespace two_cakes
