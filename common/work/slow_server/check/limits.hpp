// The limit of open files, for slow_server_check.
#pragma once

#include <cstddef>

namespace two_cakes::slow_server_check {

/// Raises the limit of open files as far as allowed. Returns how many of the wanted connections it
/// admits; where that is fewer, a line on stdout says so, with the limit.
std::size_t admitted_connections(std::size_t wanted);

}  // namespace two_cakes::slow_server_check
