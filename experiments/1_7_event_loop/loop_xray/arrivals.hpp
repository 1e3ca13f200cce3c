// A second pair of eyes: notes when a descriptor could be read, even while its loop is busy.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "base/unique_fd.hpp"
#include "base/units.hpp"

namespace two_cakes {

/// When something came. Written by the watcher's thread, taken by another.
class Arrival {
 public:
  void note() { when_.store(Clock::now().time_since_epoch()); }
  /// Nothing where nothing has come since it was asked for last.
  std::optional<Clock::time_point> take()
  {
    const Clock::duration when = when_.exchange(Clock::duration::zero());
    if (when == Clock::duration::zero()) return {};
    return Clock::time_point(when);
  }

 private:
  std::atomic<Clock::duration> when_{Clock::duration::zero()};
};

/// Watches on a thread of its own, which sleeps in epoll_wait. Throws SyscallError, naming the
/// limit, where a thread or a descriptor can't be had.
class Arrivals {
 public:
  Arrivals();
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  ~Arrivals();

  /// Notes once when `fd` can be read. Never blocks. `arrival` must outlive this object; a
  /// descriptor that is closed is watched no more.
  void expect(int fd, Arrival& arrival);

 private:
  void watch();
  void add(int fd, Arrival* arrival);

  UniqueFd epoll_;
  UniqueFd stop_;
  std::jthread thread_;
};

}  // namespace two_cakes
