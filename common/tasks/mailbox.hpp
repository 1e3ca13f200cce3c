// What other threads want done on a loop's thread.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "tasks/wake_up.hpp"

namespace two_cakes {

/// A queue with a bell. The bell is rung once for all that is put in before it is emptied.
class Mailbox {
 public:
  using Callback = std::function<void()>;

  /// Any thread; returns at once.
  void post(Callback callback)
  {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = posted_.empty();
      posted_.push_back(std::move(callback));
    }
    if (first) bell_.ring();
  }

  /// Everything that was posted, in order, and silences the bell.
  std::vector<Callback> take()
  {
    bell_.silence();  // first: who posts from now on rings it again
    const std::lock_guard lock(mutex_);
    return std::exchange(posted_, {});
  }

  [[nodiscard]] bool empty()
  {
    const std::lock_guard lock(mutex_);
    return posted_.empty();
  }

  [[nodiscard]] const WakeUp& bell() const { return bell_; }

 private:
  std::mutex mutex_;
  std::vector<Callback> posted_;
  WakeUp bell_;
};

}  // namespace two_cakes
