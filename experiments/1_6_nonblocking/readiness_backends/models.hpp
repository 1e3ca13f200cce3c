// Who can be asked which descriptor is ready.
#pragma once

#include <functional>
#include <string>

#include "descriptors.hpp"

namespace two_cakes {

/// Waits so many times, for ever each time, and returns how often the answer was right: the ready
/// descriptor, and no other.
using WaitMany = std::function<int(int waits)>;

// Each puts all descriptors of `watched` on its list and returns the waiting. The backend goes with
// what is returned. Throws Skipped, with the reason, where this machine lacks it or it has no room
// for so many.

/// epoll_wait and nothing else: the floor.
WaitMany prepare_bare_epoll_wait(const std::string& model, const Watched& watched);
/// The Poller of the model's name, through its contract.
WaitMany prepare_poller(const std::string& model, const Watched& watched);
/// io_uring, asked for readiness.
WaitMany prepare_io_uring(const std::string& model, const Watched& watched);

}  // namespace two_cakes
