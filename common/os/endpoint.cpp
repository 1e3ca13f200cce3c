#include "os/endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <charconv>
#include <cstring>
#include <memory>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

struct HostAndPort {
  std::string host;
  std::string port;
};

[[noreturn]] void refuse(std::string_view text, std::string_view why)
{
  throw UsageError(fmt::format(
      "'{}' is no address: {}; give host:port, such as 127.0.0.1:8080 or [::1]:8080", text, why));
}

HostAndPort split(std::string_view text)
{
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) refuse(text, "it has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos) refuse(text, "an IPv6 address needs brackets");
  if (host.empty()) refuse(text, "it has no host");

  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
    refuse(text, fmt::format("'{}' is no port from 1 to 65535", port));
  return {std::string(host), std::string(port)};
}

}  // namespace

Endpoint::Endpoint(const sockaddr* address, socklen_t length) : length_(length)
{
  std::memcpy(&storage_, address, length);
}

Endpoint Endpoint::loopback_v4(std::uint16_t port)
{
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return {reinterpret_cast<const sockaddr*>(&address), sizeof address};
}

Endpoint Endpoint::loopback_v6(std::uint16_t port)
{
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return {reinterpret_cast<const sockaddr*>(&address), sizeof address};
}

Endpoint Endpoint::parse(std::string_view text)
{
  const HostAndPort parts = split(text);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(parts.host.c_str(), parts.port.c_str(), &hints, &found);
  if (error != 0) refuse(text, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return {found->ai_addr, found->ai_addrlen};
}

std::uint16_t Endpoint::port() const
{
  if (family() == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
}

std::string Endpoint::to_string() const
{
  char host[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET6) {
    const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(&storage_);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof host);
    return fmt::format("[{}]:{}", host, port());
  }
  const auto& v4 = *reinterpret_cast<const sockaddr_in*>(&storage_);
  ::inet_ntop(AF_INET, &v4.sin_addr, host, sizeof host);
  return fmt::format("{}:{}", host, port());
}

}  // namespace two_cakes
