// Readiness: ask the kernel once which of many descriptors can be read or written without blocking.
//
// The contract of every backend. A descriptor is added once with what its owner is interested in
// and a `tag`, which comes back with each event. Backends are level-triggered: what is ready and
// not used up is reported again.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace two_cakes {

/// What to watch a descriptor for, and what it is ready for; a bit set.
enum class Ready : std::uint8_t {
  kNothing = 0,
  kRead = 1,   // reading would not block: bytes, a connection, or the end of the stream
  kWrite = 2,  // writing would not block
  kBoth = 3,
};

constexpr Ready operator|(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) | static_cast<int>(right));
}
constexpr Ready operator&(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) & static_cast<int>(right));
}

struct ReadyEvent {
  std::uint64_t tag;
  Ready ready;  // an error or a hang-up is reported as both: the next read or write tells which
};

/// One thread at a time. Registered descriptors belong to the caller, who removes them before
/// closing them.
class Poller {
 public:
  virtual ~Poller() = default;

  /// The backend's name, such as "epoll".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Registers `fd`. Throws SyscallError: EEXIST where it already is, EPERM for a regular file.
  virtual void add(int fd, Ready interest, std::uint64_t tag) = 0;
  /// Changes interest and tag. Throws SyscallError: ENOENT where it isn't registered.
  virtual void modify(int fd, Ready interest, std::uint64_t tag) = 0;
  /// Forgets `fd`. Throws SyscallError: ENOENT where it isn't registered.
  virtual void remove(int fd) = 0;

  /// Blocks until something is ready or `deadline` has come, and replaces `events` with what is. A
  /// deadline in the past only looks; Clock::time_point::max() waits for ever. May return nothing
  /// early, on a signal.
  virtual void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) = 0;
};

/// Linux: epoll_create1(2). Work per wait grows with what is ready, not with what is registered.
std::unique_ptr<Poller> make_epoll_poller();

}  // namespace two_cakes
