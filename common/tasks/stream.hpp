// A connection (or a listener, or a pipe) on a loop: read, write and close without blocking.
#pragma once

#include <utility>

#include "base/unique_fd.hpp"
#include "tasks/event_loop.hpp"

namespace two_cakes {

/// Owns a descriptor that stays with the loop's poller from its first wait until it is closed, so
/// that a coroutine which reads, writes, and reads again pays for no registration. Reading and
/// writing it: io.hpp. Small writes go out at once (TCP_NODELAY, which is set with the second: the
/// first of a connection never waits, and many have no second). It must not outlive the loop.
class Stream {
 public:
  Stream() = default;
  /// Takes `fd` over, turns its blocking off, and belongs to `loop`.
  Stream(EventLoop& loop, UniqueFd fd);
  /// The same, where the blocking is off already.
  static Stream of_non_blocking(EventLoop& loop, UniqueFd fd);
  /// Turns the blocking off, and belongs to the running loop.
  explicit Stream(UniqueFd fd) : Stream(EventLoop::running(), std::move(fd)) {}
  Stream(Stream&& other) noexcept : loop_(other.loop_), fd_(std::move(other.fd_)) {}
  Stream& operator=(Stream&& other) noexcept
  {
    close();
    loop_ = other.loop_;
    fd_ = std::move(other.fd_);
    return *this;
  }
  ~Stream() { close(); }

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const UniqueFd& descriptor() const { return fd_; }
  [[nodiscard]] EventLoop& loop() const { return *loop_; }
  explicit operator bool() const { return static_cast<bool>(fd_); }

  /// Closes it; whoever waits for it gets SyscallError (EBADF). No effect where it is closed.
  void close() noexcept;

  /// Gives the descriptor away, which the loop forgets. It stays non-blocking.
  [[nodiscard]] UniqueFd release() noexcept;

 private:
  EventLoop* loop_ = nullptr;
  UniqueFd fd_;
};

}  // namespace two_cakes
