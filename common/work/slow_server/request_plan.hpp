// What a request asks for: its target, "/?delay_ms=20&token=job-17", read into a RequestPlan.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace two_cakes::slow_server {

/// The biggest body that `bytes=N` can ask for.
inline constexpr std::size_t kLongestAnswerBytes = 16 * 1024 * 1024;
/// The longest token that is sent back.
inline constexpr std::size_t kLongestTokenBytes = 256;
/// The body of an answer whose request names no token.
inline constexpr std::string_view kDefaultText = "two cakes\n";

/// What goes wrong on purpose, once the delay is over.
enum class Fault {
  kNone,
  kReset,    // the connection is reset (RST) instead of an answer
  kNever,    // no answer, ever; the connection stays open until the client leaves
  kDribble,  // the answer one byte at a time, 1 ms apart
  kClose,    // the connection ends in the middle of the answer
};

/// What one request asks for.
struct RequestPlan {
  std::optional<std::chrono::nanoseconds> delay;  // none: drawn from the server's Delays
  std::string text{kDefaultText};                 // the token, where the request has one
  std::optional<std::size_t> bytes;               // none: the text once
  int status = 200;
  bool chunked = false;
  Fault fault = Fault::kNone;
};

/// A request that is refused with status 400; what() says why, in one line for the client.
class BadRequest : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the query of a request target; the path may be anything. The parameters:
///   delay_ms=20      milliseconds, fractions allowed, at most 1 hour
///   token=job-17     sent back as the body: letters, digits, and - . _ ~
///   bytes=1000       a body of exactly so many bytes: the token (or the default text) repeated
///   status=500       200 to 599
///   chunked=1        chunked transfer encoding
///   fault=reset      or never, dribble, close
/// The last of two equal names counts. Throws BadRequest for anything else: a misspelt name that
/// silently gave the default delay would spoil a measurement. Never blocks.
RequestPlan plan_request(std::string_view target);

}  // namespace two_cakes::slow_server
