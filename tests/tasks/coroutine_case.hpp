// What the tests of coroutines share.
#pragma once

#include <fcntl.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "tasks/coroutine.hpp"

namespace two_cakes::testing {

/// Something that tells when it is destroyed.
struct Guest {
  explicit Guest(bool& gone_flag) : gone(gone_flag) {}
  Guest(const Guest&) = delete;
  ~Guest() { gone = true; }
  bool& gone;
};

inline bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

/// Gives `value` after a while.
inline Task<int> later(Clock::duration delay, int value)
{
  co_await sleep_for(delay);
  co_return value;
}

inline Task<> fail(const char* why)
{
  throw std::runtime_error(why);
  co_return;
}

/// Runs the loop for a moment, and leaves what waits where it is.
inline void run_for_a_moment(EventLoop& loop)
{
  loop.call_later(std::chrono::milliseconds(2), [&] { loop.stop(); });
  loop.run();
}

/// Runs the loop until all who are ready now have had their turn.
inline void run_for_a_turn(EventLoop& loop)
{
  loop.call_soon([&] { loop.stop(); });
  loop.run();
}

}  // namespace two_cakes::testing
