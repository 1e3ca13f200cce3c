// io_uring's two rings in memory shared with the kernel: what shall be done, and what has been
// done.
#pragma once

#ifdef TWO_CAKES_HAS_LIBURING

#include <liburing.h>

#include "wait/time_left.hpp"

namespace two_cakes {

/// The rings, made and ended with the object. All calls but the making belong to one thread, the
/// first that calls one: the kernel holds a ring to its thread (SINGLE_ISSUER), which spares it
/// locks.
class UringRing {
 public:
  /// `deferred`: work is finished only when its thread asks (DEFER_TASKRUN, Linux 6.1); where that
  /// can't be had, it isn't. Throws Skipped where the kernel has no io_uring, an old one, or
  /// forbids it.
  explicit UringRing(bool deferred);
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;
  /// Ends what is under way first, if that is little: left alone, the kernel does it some time
  /// later.
  ~UringRing();

  io_uring& get() { return ring_; }

  /// Room for one more thing to be done, to be prepared at once; where there is none, what is
  /// prepared is handed in first.
  io_uring_sqe& next_submission();

  /// So many operations have ended.
  void ended(unsigned count) { under_way_ -= count; }

  /// Hands in what is prepared, and waits until something has been done or the time is over. One
  /// system call. A signal ends it early.
  void submit_and_wait(const TimeLeft& left);

 private:
  void enable();

  io_uring ring_{};
  bool enabled_ = false;
  unsigned under_way_ = 0;
};

}  // namespace two_cakes

#endif
