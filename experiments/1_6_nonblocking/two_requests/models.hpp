// Two requests, and the ways to wait for both.
#pragma once

#include <array>

#include "work/job.hpp"

namespace two_cakes {

struct TwoRequests {
  Target target;
  std::array<Job, 2> jobs;
};

// Each makes both requests, and returns once both answers are there and right. Throws SyscallError
// (ETIMEDOUT after the target's deadline) or std::runtime_error.

/// Listing 1.7: one, and then the other.
void run_blocking(const TwoRequests& requests);
/// Listing 1.8: a thread for each.
void run_threads(const TwoRequests& requests);
/// One thread, sockets that don't block, and poll.
void run_poll(const TwoRequests& requests);
/// The same with epoll.
void run_epoll(const TwoRequests& requests);

}  // namespace two_cakes
