// The server that an experiment waits on: our slow server, or any real HTTP server that the user
// names.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "work/job.hpp"
#include "work/slow_server_process.hpp"

namespace two_cakes {

/// Where `address` is empty, a slow server in a process of its own, which ends with the object.
/// Else the server at that host:port: it is asked to accept one connection first, so that a wrong
/// address is one clear line.
class TargetServer {
 public:
  /// Blocks until the server answers. Throws UsageError where `address` is wrong or nobody listens
  /// there.
  TargetServer(const std::string& address, std::chrono::milliseconds deadline);

  [[nodiscard]] const Target& target() const { return target_; }

 private:
  std::optional<SlowServerProcess> slow_server_;
  Target target_;
};

}  // namespace two_cakes
