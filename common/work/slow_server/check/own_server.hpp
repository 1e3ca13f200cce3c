// OwnServer: a slow_server process for the length of slow_server_check.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace two_cakes::slow_server_check {

/// Starts the slow_server that lies beside this program, on a free port; stops it at the end.
class OwnServer {
 public:
  /// Returns once the server listens. Throws std::runtime_error if it does not come up.
  OwnServer();
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace two_cakes::slow_server_check
