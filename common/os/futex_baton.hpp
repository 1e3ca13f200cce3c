// A turn that is handed over by a futex: one word of memory, and a place in the kernel where one
// sleeps until it changes. futex(2); U. Drepper, "Futexes Are Tricky", 2011.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "base/errors.hpp"

namespace two_cakes {

/// Whose turn it is, as a number; 0 begins. One may wait for it at a time. Works between the
/// threads of a process, and between processes where it lies in shared memory.
class FutexBaton {
 public:
  /// Blocks until it is the turn of `player`. Throws SyscallError.
  void wait_for(std::uint32_t player)
  {
    while (true) {
      const std::uint32_t turn = turn_.load(std::memory_order_acquire);
      if (turn == player) return;
      // EAGAIN: the turn has changed meanwhile. EINTR: a signal. Both: look again.
      if (call(FUTEX_WAIT, turn) == -1 && errno != EAGAIN && errno != EINTR)
        throw_syscall_error("futex", "wait");
    }
  }

  /// Gives the turn to `player`, and wakes it if it sleeps.
  void pass_to(std::uint32_t player)
  {
    turn_.store(player, std::memory_order_release);
    check_syscall("futex", call(FUTEX_WAKE, 1), "wake");
  }

 private:
  long call(int operation, std::uint32_t value)
  {
    return ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&turn_), operation, value, nullptr,
                     nullptr, 0);
  }

  std::atomic<std::uint32_t> turn_{0};
  static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
};

}  // namespace two_cakes
