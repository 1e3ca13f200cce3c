// One HTTP/1.1 request and its answer, without any input or output: whoever waits brings the bytes.
// So blocking calls, a loop's callbacks and coroutines all speak the same HTTP.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace two_cakes {

/// A GET on its own connection. Send unsent(), feed what comes back, until finished().
/// Parsing is nodejs' http_parser: Content-Length, chunked, and "until the connection closes".
/// Not thread-safe; movable.
class HttpExchange {
 public:
  /// `path` with its query, such as "/?delay_ms=20"; `host` for the Host header.
  HttpExchange(std::string_view host, std::string_view path);
  HttpExchange(HttpExchange&&) noexcept;
  HttpExchange& operator=(HttpExchange&&) noexcept;
  ~HttpExchange();

  /// The part of the request that hasn't been sent yet; sent(n) takes n bytes off it.
  [[nodiscard]] std::string_view unsent() const;
  void sent(std::size_t bytes);

  /// Takes bytes of the answer; an empty span says that the connection closed.
  /// Throws std::runtime_error where the answer is no HTTP, or ends too early.
  void feed(std::span<const char> bytes);

  [[nodiscard]] bool finished() const;
  [[nodiscard]] int status() const;
  [[nodiscard]] const std::string& body() const;
  /// The header lines, "name: value" each, with line feeds between them.
  [[nodiscard]] const std::string& head() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace two_cakes
