// Client: one raw, non-blocking connection to the slow server, for slow_server_check.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace two_cakes::slow_server_check {

using Clock = std::chrono::steady_clock;

/// A non-blocking socket that is being connected, or is connected, to 127.0.0.1. Owns it.
class Client {
 public:
  /// Starts to connect. Throws std::system_error, naming the call.
  explicit Client(std::uint16_t port);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Asks for an answer after `delay`, with a token of its own, and notes the time. Throws
  /// std::system_error if the socket does not take the whole request at once.
  void ask(std::chrono::nanoseconds delay, std::uint64_t token);

  /// Takes what has arrived; true once the answer is whole. Throws std::runtime_error if the
  /// connection broke, or the answer is not 200 with the token.
  bool take_answer();

  /// Closes the connection; it can't ask any more.
  void hang_up();

  /// How much later than asked the answer was whole, in milliseconds; negative if it was early.
  [[nodiscard]] double lateness_ms() const;

 private:
  int descriptor_;
  std::string wanted_body_;
  std::string received_;
  std::chrono::nanoseconds asked_delay_{};
  Clock::time_point asked_at_;
  Clock::time_point answered_at_;
};

}  // namespace two_cakes::slow_server_check
