// A thread that begins as threading.Thread does, under the imitated lock.
#pragma once

#include <latch>
#include <mutex>
#include <utility>

#include "tasks/start_thread.hpp"
#include "tasks/switching_lock.hpp"

namespace two_cakes {

/// Call it with the lock held. `body` runs in a new thread, which holds the lock on entry and must
/// hold it on return. As Thread.start() does, this blocks until the thread has begun, and then
/// until this one has the lock again.
template <class Body>
std::jthread start_python_like_thread(SwitchingLock& lock, Body body)
{
  std::latch begun(1);
  std::jthread thread = start_thread([&begun, &lock, body = std::move(body)]() mutable {
    const std::lock_guard its_turn(lock);
    begun.count_down();
    body();
  });
  const WithoutLock released(lock);
  begun.wait();
  return thread;
}

}  // namespace two_cakes
