// A deadline, as the system calls want it.
#pragma once

#include <algorithm>
#include <ctime>

#include "base/units.hpp"

namespace two_cakes {

/// What is left until a deadline, as a relative timespec: pselect, ppoll, epoll_pwait2, kevent and
/// io_uring all take one, and no pointer where they shall wait for ever. The clock is read only
/// where the deadline asks for it: not for time_point::max() (for ever), and not for time_point{}
/// or before (only look).
class TimeLeft {
 public:
  explicit TimeLeft(Clock::time_point deadline) : for_ever_(deadline == Clock::time_point::max())
  {
    if (for_ever_ || deadline <= Clock::time_point{}) return;
    const auto now = Clock::now();
    if (deadline <= now) return;
    // Some kernels refuse more than 10^8 seconds. A wait may end early, and then it is begun again.
    const auto left =
        std::min<std::chrono::nanoseconds>(deadline - now, std::chrono::hours(24'000));
    left_.tv_sec = left.count() / 1'000'000'000;
    left_.tv_nsec = left.count() % 1'000'000'000;
  }

  [[nodiscard]] bool for_ever() const { return for_ever_; }
  [[nodiscard]] bool only_look() const
  {
    return !for_ever_ && left_.tv_sec == 0 && left_.tv_nsec == 0;
  }
  /// None where the wait is for ever. Lives as long as this object.
  [[nodiscard]] const timespec* get() const { return for_ever_ ? nullptr : &left_; }
  /// The same for calls that count in milliseconds: rounded up, -1 for ever, an hour at most.
  [[nodiscard]] int milliseconds() const
  {
    if (for_ever_) return -1;
    const auto seconds = static_cast<int>(std::min<std::time_t>(left_.tv_sec, 3'600));
    return seconds * 1'000 + static_cast<int>((left_.tv_nsec + 999'999) / 1'000'000);
  }

 private:
  bool for_ever_;
  timespec left_{};
};

}  // namespace two_cakes
