// Loopback connections for tests.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <utility>
#include <vector>

#include "os/socket.hpp"

namespace two_cakes::testing {

/// Far enough away that only a hang reaches it.
inline Clock::time_point soon() { return Clock::now() + std::chrono::seconds(20); }

/// 127.0.0.1:0, and [::1]:0 where this machine has IPv6.
inline std::vector<Endpoint> loopbacks()
{
  std::vector<Endpoint> endpoints{Endpoint::loopback_v4(0)};
  const UniqueFd probe(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Endpoint v6 = Endpoint::loopback_v6(0);
  if (probe && ::bind(probe.get(), v6.address(), v6.length()) == 0) endpoints.push_back(v6);
  return endpoints;
}

/// The client's and the server's end of a new connection.
inline std::pair<UniqueFd, UniqueFd> connected_pair(const Endpoint& any = Endpoint::loopback_v4(0))
{
  const UniqueFd listener = listen_on(any);
  UniqueFd client = connect_blocking(local_endpoint(listener), soon());
  return {std::move(client), std::move(*accept_connection(listener))};
}

/// Closes with a reset (RST) instead of an end of the stream.
inline void reset_connection(UniqueFd& socket)
{
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.reset();
}

/// Waits until `socket` is readable (or writable); false where that takes too long.
inline bool is_readable(const UniqueFd& socket)
{
  pollfd watched{.fd = socket.get(), .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 20'000) == 1;
}
inline bool is_writable(const UniqueFd& socket)
{
  pollfd watched{.fd = socket.get(), .events = POLLOUT, .revents = 0};
  return ::poll(&watched, 1, 20'000) == 1;
}

}  // namespace two_cakes::testing
