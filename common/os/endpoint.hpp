// An address on the network: IPv4 or IPv6, with a port.
#pragma once

#ifdef _WIN32
#include <winsock2.h>
// after winsock2.h
#include <ws2tcpip.h>
#else
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include <cstdint>
#include <string>
#include <string_view>

namespace two_cakes {

/// A socket address as the system calls want it. A plain value, cheap to copy.
class Endpoint {
 public:
  Endpoint() = default;
  Endpoint(const sockaddr* address, socklen_t length);

  /// 127.0.0.1:port. Port 0 asks the kernel for a free one.
  static Endpoint loopback_v4(std::uint16_t port);
  /// [::1]:port.
  static Endpoint loopback_v6(std::uint16_t port);

  /// Reads "127.0.0.1:80", "[::1]:80" or "localhost:80". May block on name resolution.
  /// Throws UsageError that names the text and the form that is expected.
  static Endpoint parse(std::string_view text);

  [[nodiscard]] const sockaddr* address() const
  {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  [[nodiscard]] socklen_t length() const { return length_; }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] std::uint16_t port() const;

  /// "127.0.0.1:80" or "[::1]:80", as parse() reads it.
  [[nodiscard]] std::string to_string() const;

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = 0;
};

}  // namespace two_cakes
