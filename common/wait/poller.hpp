// Readiness: ask the kernel once which of many descriptors can be read or written without blocking.
// (Its counterpart is completion.hpp: there the kernel does the reading and the writing as well.)
//
// The contract of every backend. A descriptor is added once with what its owner is interested in
// and a `tag`, which comes back with each event. What is ready, and not used up, is reported again
// by the next wait (level-triggered); by an edge_triggered() backend it is not.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "wait/ready.hpp"

namespace two_cakes {

struct ReadyEvent {
  std::uint64_t tag;
  Ready ready;  // an error or a hang-up is reported as both: the next read or write tells which
};

/// One thread at a time. Registered descriptors belong to the caller, who removes them before
/// closing them. Where one is closed nevertheless, epoll and kqueue forget it without a word (and
/// may go on reporting it, while a copy of it is open elsewhere); poll and select report it as
/// ready for both, so that the next read or write says EBADF.
class Poller {
 public:
  virtual ~Poller() = default;

  /// The backend's name, such as "epoll".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// True: each readiness is reported once, when it begins (and once more after modify()). Its user
  /// must read or write until that would block, else the rest is never reported.
  [[nodiscard]] virtual bool edge_triggered() const { return false; }

  /// Registers `fd`. Throws SyscallError: EEXIST where it already is, EBADF where it isn't open.
  /// A regular file never makes its reader wait for somebody: epoll refuses it (EPERM); to select
  /// and poll it is always ready, though the disk may be slow. select has no room for descriptors
  /// from FD_SETSIZE on (EINVAL).
  virtual void add(int fd, Ready interest, std::uint64_t tag) = 0;
  /// Changes interest and tag; free of charge where both stay, but by an edge_triggered() one.
  /// Throws SyscallError: ENOENT where it isn't registered.
  virtual void modify(int fd, Ready interest, std::uint64_t tag) = 0;
  /// Forgets `fd`. Throws SyscallError: ENOENT where it isn't registered.
  virtual void remove(int fd) = 0;

  /// Blocks until something is ready or `deadline` has come, and replaces `events` with what is: a
  /// descriptor once (by kqueue once for each direction), not all of them where there are many. A
  /// deadline in the past only looks; Clock::time_point::max() waits for ever. May return nothing
  /// early, on a signal. One system call; the clock is read only for a deadline that needs it.
  virtual void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) = 0;
};

/// POSIX: select(2). Work per wait grows with the highest descriptor; none from FD_SETSIZE on. It
/// can't tell an error or a hang-up: those count as what the owner is interested in.
std::unique_ptr<Poller> make_select_poller();
/// POSIX: poll(2). Work per wait grows with what is registered.
std::unique_ptr<Poller> make_poll_poller();
/// Linux: epoll_create1(2). Work per wait grows with what is ready, not with what is registered.
std::unique_ptr<Poller> make_epoll_poller();
/// The same, edge-triggered.
std::unique_ptr<Poller> make_epoll_edge_poller();
/// BSD and macOS, or Linux with libkqueue: kqueue(2). Work per wait grows with what is ready.
/// Throws Skipped elsewhere.
std::unique_ptr<Poller> make_kqueue_poller();

/// The backend of that name. Throws UsageError for a name that none has, and Skipped, with the
/// reason, where this machine lacks it.
std::unique_ptr<Poller> make_poller(std::string_view name);

/// The names of all backends, whether this machine has them or not.
const std::vector<std::string>& poller_names();

/// Why this machine lacks the backend `name`; empty where it has it.
std::string why_no_poller(std::string_view name);

}  // namespace two_cakes
