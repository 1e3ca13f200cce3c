// A server far away: it sends back what it receives, a round trip later.
#pragma once

#include <chrono>
#include <optional>

#include "os/child.hpp"
#include "os/endpoint.hpp"

namespace two_cakes {

/// In a process of its own, which ends with the object. The delay is made there, in user space
/// (DelayLine), so that it needs no privilege and no kernel module. One client at a time.
class FarEcho {
 public:
  /// Listens on a free loopback port. Throws SyscallError.
  explicit FarEcho(std::chrono::nanoseconds round_trip);
  [[nodiscard]] Endpoint endpoint() const { return endpoint_; }

 private:
  Endpoint endpoint_;
  std::optional<Child> child_;
};

}  // namespace two_cakes
