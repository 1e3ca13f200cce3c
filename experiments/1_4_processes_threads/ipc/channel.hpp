// One side of a connection that carries messages of a fixed size both ways.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace two_cakes {

/// A side belongs to one thread. Both calls block; they throw SyscallError where the other side is
/// gone; where the way can't tell (a futex), std::runtime_error after ten seconds of silence.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Gives `message` away: it may be overwritten once this returns.
  virtual void send(std::span<const char> message) = 0;

  /// The next message, whole. It stays until the next call.
  virtual std::span<const char> receive() = 0;
};

struct Link {
  std::unique_ptr<Channel> ours;
  std::unique_ptr<Channel> theirs;
};

}  // namespace two_cakes
