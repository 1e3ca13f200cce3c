// One client among many, served by whoever must not wait for it: each call does what can be done at
// once.
#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace two_cakes {

/// What a client is waited for; kMore: there may be more to read at once.
enum class Wants { kRead, kMore, kWrite, kGone };

/// A client and what it hasn't taken yet. While there is some, nothing more is read: a client that
/// never reads costs one buffer and no more.
struct EchoClient {
  UniqueFd socket;
  std::string unsent;
  Wants wants = Wants::kRead;
};

/// Echoes once what is there: one recv() and, usually, one send(). Never blocks. Returns what to
/// wait for before the next step, kGone where the client has ended or broken off: the caller closes
/// it.
Wants echo_step(EchoClient& client);

}  // namespace two_cakes
