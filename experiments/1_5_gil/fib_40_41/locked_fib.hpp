// fib as C++ computes it under the imitated lock: hold it, and look at every call whether somebody
// wants it.
#pragma once

#include <mutex>

#include "tasks/switching_lock.hpp"
#include "work/python/interpreted_fib.hpp"

namespace two_cakes {

/// Takes `lock`, computes fib(n), lets go. Blocks while another thread has the lock.
inline std::uint64_t locked_fib(int n, SwitchingLock& lock)
{
  const std::lock_guard held(lock);
  const auto look = [&lock] { lock.checkpoint(); };
  return interpreted_fib(n, look);
}

}  // namespace two_cakes
