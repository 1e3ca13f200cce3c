// epoll keeps the list of descriptors; we keep what each was registered for, and a number for every
// registration, so that an event which comes late can be told from one that is meant.
#include "poller.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"

using two_cakes::check_syscall;
using two_cakes::SyscallError;
using two_cakes::UniqueFd;

struct Poller::State {
  explicit State(Trigger of) : trigger(of) {}

  Trigger trigger;
  UniqueFd epoll;
  // BEGIN SOLUTION
  struct Registration {
    std::uint32_t number = 0;  // 0: none; no two registrations have the same
    Ready interest = Ready::kNothing;
    std::uint64_t tag = 0;
  };
  std::vector<Registration> registrations;  // by descriptor
  std::uint32_t last_number = 0;
  // END SOLUTION

  void control(int operation, int fd, Ready interest, std::uint32_t number);
  bool deliver(const epoll_event& event, const Handler& handle);
};

namespace {

/// What epoll is to be asked for.
std::uint32_t to_epoll(Ready interest, Trigger trigger)
{
  // BEGIN SOLUTION
  // STUB: (void)interest;
  // STUB: (void)trigger;
  // STUB: return 0;
  std::uint32_t events = trigger == Trigger::kEdge ? std::uint32_t{EPOLLET} : 0;
  if ((interest & Ready::kRead) != Ready::kNothing) events |= EPOLLIN;
  if ((interest & Ready::kWrite) != Ready::kNothing) events |= EPOLLOUT;
  return events;
  // END SOLUTION
}

/// What epoll said, in our words.
Ready from_epoll(std::uint32_t events)
{
  // BEGIN SOLUTION
  // STUB: (void)events;
  // STUB: return Ready::kNothing;
  auto ready = Ready::kNothing;
  if ((events & EPOLLIN) != 0) ready = ready | Ready::kRead;
  if ((events & EPOLLOUT) != 0) ready = ready | Ready::kWrite;
  if ((events & EPOLLHUP) != 0) ready = ready | Ready::kHangUp;
  if ((events & EPOLLERR) != 0) ready = ready | Ready::kError;
  return ready;
  // END SOLUTION
}

/// How long epoll_wait() may sleep: in milliseconds, 0 for "only look", -1 for ever.
int milliseconds_until(Poller::Clock::time_point deadline)
{
  // BEGIN SOLUTION
  // STUB: (void)deadline;
  // STUB: return 0;
  if (deadline == Poller::kForEver) return -1;
  // Up: down would be early, or, with less than a millisecond left, a loop that never sleeps.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Poller::Clock::now());
  // An hour at most, as an int has no room for all; the wait is then begun again.
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
  // END SOLUTION
}

}  // namespace

/// Tells epoll; the event will bring `fd` and `number` back.
void Poller::State::control(int operation, int fd, Ready interest, std::uint32_t number)
{
  // BEGIN SOLUTION
  // STUB: (void)operation, (void)fd, (void)interest, (void)number;
  // STUB: (void)to_epoll;
  epoll_event event{};
  event.events = to_epoll(interest, trigger);
  event.data.u64 = std::uint64_t{number} << 32 | static_cast<std::uint32_t>(fd);
  check_syscall("epoll_ctl", ::epoll_ctl(epoll.get(), operation, fd, &event),
                "descriptor " + std::to_string(fd));
  // END SOLUTION
}

/// Calls `handle` with the event, if it is still wanted; whether it was.
bool Poller::State::deliver(const epoll_event& event, const Handler& handle)
{
  // BEGIN SOLUTION
  // STUB: (void)event, (void)handle;
  // STUB: (void)from_epoll;
  // STUB: return false;
  const auto fd = static_cast<std::uint32_t>(event.data.u64);
  const auto number = static_cast<std::uint32_t>(event.data.u64 >> 32);
  // A copy: the handler may add descriptors, and so move the vector.
  const auto registration = registrations[fd];
  if (registration.number != number) return false;
  const auto wanted = registration.interest | Ready::kHangUp | Ready::kError;
  const auto ready = from_epoll(event.events) & wanted;
  if (ready == Ready::kNothing) return false;
  handle({static_cast<int>(fd), registration.tag, ready});
  return true;
  // END SOLUTION
}

Poller::Poller(Trigger trigger) : state_(std::make_unique<State>(trigger))
{
  state_->epoll.reset(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
}

Poller::~Poller() = default;

void Poller::add(int fd, Ready interest, std::uint64_t tag)
{
  // BEGIN SOLUTION
  // STUB: (void)tag;
  // STUB: state_->control(EPOLL_CTL_ADD, fd, interest, 0);
  // Whether it is watched already, the kernel knows better than our list: it has seen every close.
  state_->control(EPOLL_CTL_ADD, fd, interest, ++state_->last_number);
  const auto index = static_cast<std::size_t>(fd);
  if (index >= state_->registrations.size()) state_->registrations.resize(index + 1);
  state_->registrations[index] = {state_->last_number, interest, tag};
  // END SOLUTION
}

void Poller::modify(int fd, Ready interest, std::uint64_t tag)
{
  // BEGIN SOLUTION
  // STUB: (void)tag;
  // STUB: state_->control(EPOLL_CTL_MOD, fd, interest, 0);
  const auto index = static_cast<std::size_t>(fd);
  const bool is_known = fd >= 0 && index < state_->registrations.size();
  const auto number = is_known ? state_->registrations[index].number : 0;
  state_->control(EPOLL_CTL_MOD, fd, interest, number);
  state_->registrations[index] = {number, interest, tag};
  // END SOLUTION
}

void Poller::remove(int fd)
{
  // BEGIN SOLUTION
  // STUB: state_->control(EPOLL_CTL_DEL, fd, Ready::kNothing, 0);
  state_->control(EPOLL_CTL_DEL, fd, Ready::kNothing, 0);
  state_->registrations[static_cast<std::size_t>(fd)] = {};
  // END SOLUTION
}

std::size_t Poller::wait(Clock::time_point deadline, const Handler& handle)
{
  // BEGIN SOLUTION
  // STUB: (void)milliseconds_until(deadline);
  // STUB: (void)handle;
  // STUB: return 0;
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = ::epoll_wait(state_->epoll.get(), events.data(), events.size(),
                                   milliseconds_until(deadline));
    if (count == -1 && errno != EINTR) throw SyscallError(errno, "epoll_wait");
    std::size_t delivered = 0;
    for (int i = 0; i < count; ++i) delivered += state_->deliver(events[i], handle) ? 1 : 0;
    // None: a signal, an event that nobody wants any more, or it is time.
    if (delivered > 0 || Clock::now() >= deadline) return delivered;
  }
  // END SOLUTION
}

Drained drain(int fd, std::size_t budget_bytes)
{
  Drained drained;
  // BEGIN SOLUTION
  // STUB: (void)fd, (void)budget_bytes;
  std::array<char, 16 * 1024> piece;
  while (drained.bytes.size() < budget_bytes) {
    const auto room = std::min(piece.size(), budget_bytes - drained.bytes.size());
    const auto count = ::read(fd, piece.data(), room);
    if (count == -1 && errno == EINTR) continue;
    if (count == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) return drained;
    check_syscall("read", count, "descriptor " + std::to_string(fd));
    if (count == 0) {
      drained.why = Drained::Why::kEnd;
      return drained;
    }
    // Fewer than there was room for doesn't mean that this was all.
    drained.bytes.append(piece.data(), static_cast<std::size_t>(count));
  }
  drained.why = Drained::Why::kBudget;
  // END SOLUTION
  return drained;
}
