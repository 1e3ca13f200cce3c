// A bell that any thread can ring for one that waits in a poller.
#pragma once

#include "base/unique_fd.hpp"

namespace two_cakes {

/// A descriptor that is readable once it was rung: an eventfd(2) on Linux, a pipe elsewhere.
class WakeUp {
 public:
  /// Throws SyscallError (EMFILE where descriptors run out).
  WakeUp();

  /// To be watched for kRead.
  [[nodiscard]] int fd() const { return read_end_.get(); }

  /// Any thread, and signal handlers. Never blocks; a bell that was rung already stays rung.
  void ring() const noexcept;
  /// Silences it.
  void silence() const noexcept;

 private:
  UniqueFd read_end_;
  UniqueFd write_end_;  // of a pipe
};

}  // namespace two_cakes
