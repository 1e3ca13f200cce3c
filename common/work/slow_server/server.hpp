// The slow server as one call. Only server.cpp and connection.cpp see Boost.Asio.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "delays.hpp"

namespace two_cakes::slow_server {

/// Listens on `host` (an IP address) and `port` (0: any free one), calls `listening` once with
/// the port, and serves on the calling thread, the only one, until SIGTERM or SIGINT; then closes
/// every connection and returns. `delays` serves the requests that name no delay.
///
/// Throws std::runtime_error, naming the address and a remedy, if it can't listen there; whatever
/// `listening` throws passes through. Trouble with a single client is never an error.
void serve(const std::string& host, std::uint16_t port, Delays delays,
           const std::function<void(std::uint16_t port)>& listening);

/// "127.0.0.1:8080", or "[::1]:8080" for an IPv6 address.
std::string address_text(const std::string& host, std::uint16_t port);

}  // namespace two_cakes::slow_server
