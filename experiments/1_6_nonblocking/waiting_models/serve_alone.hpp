// One model as a server of its own, for any client; and such a server as a process.
#pragma once

#include <span>
#include <string>

#include "model.hpp"
#include "os/child.hpp"
#include "os/endpoint.hpp"
#include "os/pipe.hpp"
#include "os/usage.hpp"
#include "settings.hpp"

namespace two_cakes {

/// Serves `settings.serve` on loopback until SIGTERM or SIGINT, which end the process with exit
/// code 0; doesn't return otherwise. Says on stderr, or to `settings.ready_fd`, where it listens.
/// Throws UsageError where there is no such model or the port is taken.
int serve_alone(std::span<const Model> models, const Settings& settings);

/// What a server has used in its life.
struct ServerCosts {
  Usage usage;                        // its children's, if it had some, included
  std::size_t peak_memory_bytes = 0;  // of the server itself
};

/// This very program, serving one model in a process of its own.
class ServerProcess {
 public:
  /// Starts it on `core` (-1: on any) and blocks until it listens. Throws Skipped where the server
  /// skips, std::runtime_error where it can't start.
  ServerProcess(const std::string& model, const Settings& settings, int core);

  [[nodiscard]] Endpoint endpoint() const { return endpoint_; }

  /// Ends it and returns what it has used. Blocks. Call it once.
  ServerCosts stop();

  /// Where the server has ended by itself, throws why: Skipped where it has skipped.
  void rethrow_its_reason();

 private:
  ServerProcess(const std::string& model, const Settings& settings, int core, Pipe words);
  Child child_;
  UniqueFd words_;  // what it says: its port, and why it can't serve
  Endpoint endpoint_;
};

}  // namespace two_cakes
