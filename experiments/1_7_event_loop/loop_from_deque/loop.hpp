// What a loop can be asked for. Each step has all of it, in full: where it can't wait for
// something, it asks again and again.
#pragma once

#include <functional>

#include "base/units.hpp"

namespace two_cakes {

class Loop {
 public:
  using Message = std::function<void()>;

  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  virtual ~Loop() = default;

  /// Puts `message` into the queue. Any thread. Never blocks.
  virtual void post(Message message) = 0;
  /// Handles `message` at `when` or later. The loop's thread. Never blocks.
  virtual void post_at(Clock::time_point when, Message message) = 0;
  /// Handles `message`, once, when `fd` can be read. The loop's thread. Never blocks. The caller
  /// keeps `fd` open until then.
  virtual void post_when_readable(int fd, Message message) = 0;
  /// Handles messages until one of them calls stop(). An exception of a message leaves it.
  virtual void run() = 0;

  void stop() { stopped_ = true; }
  /// How often the loop went round.
  [[nodiscard]] long turns() const { return turns_; }

 protected:
  bool goes_on()
  {
    ++turns_;
    return !stopped_;
  }

 private:
  bool stopped_ = false;
  long turns_ = -1;  // to ask whether it goes on is not to go round yet
};

}  // namespace two_cakes
