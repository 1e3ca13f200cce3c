// The slow server, started in a process of its own for as long as an experiment needs it.
#pragma once

#include <optional>

#include "os/child.hpp"
#include "os/endpoint.hpp"

namespace two_cakes {

/// Starts bin/slow_server beside the running executable on a free loopback port, and blocks until
/// it listens. The server stops with the object, and with the thread that made it. Throws
/// std::runtime_error where it can't start.
class SlowServerProcess {
 public:
  SlowServerProcess();
  [[nodiscard]] Endpoint endpoint() const { return endpoint_; }
  [[nodiscard]] pid_t pid() const { return child_->pid(); }

 private:
  std::optional<Child> child_;
  Endpoint endpoint_;
};

}  // namespace two_cakes
