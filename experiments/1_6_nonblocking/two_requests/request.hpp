// A request on a socket that doesn't block: each step does what is possible at once, and says what
// it waits for.
#pragma once

#include "base/unique_fd.hpp"
#include "work/job.hpp"

namespace two_cakes {

class Request {
 public:
  /// Starts to connect. Never blocks. `job` and `target` stay until it is finished. Throws
  /// SyscallError.
  Request(const Job& job, const Target& target);

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] bool finished() const { return exchange_.finished(); }
  /// Whether it waits to send (or else to receive).
  [[nodiscard]] bool wants_to_send() const { return !exchange_.unsent().empty(); }

  /// Sends and receives as much as can be at once. Never blocks. Throws SyscallError
  /// (ECONNREFUSED), or std::runtime_error where the answer is wrong.
  void step();

 private:
  const Job* job_;
  const Target* target_;
  HttpExchange exchange_;
  UniqueFd socket_;
};

/// How many milliseconds poll and epoll_wait may take until `deadline`. Throws SyscallError
/// (ETIMEDOUT) where it has passed.
int milliseconds_left(Clock::time_point deadline);

}  // namespace two_cakes
