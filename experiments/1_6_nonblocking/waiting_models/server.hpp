// What no model teaches and every model needs: the listening socket, and whom to let in.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/unique_fd.hpp"

namespace two_cakes {

/// The same for all models, so that none reads more at a time than another.
inline constexpr std::size_t kBufferBytes = 16 * 1024;

struct Server {
  int listener;                    // listening, blocking
  int pool_threads;                // of thread_pool
  std::chrono::microseconds spin;  // how long a loop looks again before it sleeps
};

/// The next client, whose small writes go out at once; none where accepting would block, or where
/// the client had gone again. A process without descriptors left turns the client away, so that the
/// others are served and nobody waits in the backlog for ever (the spare descriptor of libev's
/// manual, "The special problem of accept()ing when you can't"). One thread only. Throws
/// SyscallError.
UniqueFd accept_client(int listener, bool non_blocking);

/// Makes the listening socket itself non-blocking: for those who wait elsewhere than in accept().
void set_listener_non_blocking(int listener);

}  // namespace two_cakes
