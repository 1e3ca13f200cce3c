// Not errors, but other ways for a wait to end.
#pragma once

#include <stdexcept>

namespace two_cakes {

/// Thrown at the co_await of a task that was cancelled, so that it unwinds: destructors run, and
/// descriptors are closed. As in asyncio it isn't one of the ordinary exceptions, so that
/// catch (const std::exception&) doesn't stop it. Who catches it otherwise throws it again.
struct Cancelled {};

/// Thrown by with_timeout() where the time was up first.
class TimedOut : public std::runtime_error {
 public:
  TimedOut() : std::runtime_error("the time is up") {}
};

}  // namespace two_cakes
