// A descriptor with one owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace two_cakes {

/// Owns one file descriptor and closes it once. Movable, not copyable; -1 means "none".
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept
  {
    reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Gives the descriptor away: the caller closes it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  /// Closes what is held, and takes `fd` over. close() is never retried: on Linux the descriptor
  /// is gone even when it reports EINTR, and a second close could hit somebody else's.
  void reset(int fd = -1)
  {
    const int old = std::exchange(fd_, fd);
    if (old >= 0) ::close(old);
  }

 private:
  int fd_ = -1;
};

}  // namespace two_cakes
