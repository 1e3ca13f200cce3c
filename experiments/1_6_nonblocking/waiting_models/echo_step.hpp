// One client among many, served by whoever must not wait for it: each call does what can be done at
// once.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "server.hpp"

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

inline bool try_again_later() { return errno == EAGAIN || errno == EINTR; }

/// Sends what the client takes now, and keeps the rest.
inline Wants send_some(EchoClient& client, std::string_view bytes)
{
  const ssize_t sent = ::send(client.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent == -1 && !try_again_later()) return Wants::kGone;
  const std::size_t taken = sent == -1 ? 0 : static_cast<std::size_t>(sent);
  if (taken == bytes.size() && client.unsent.empty() && taken < kBufferBytes) return Wants::kRead;
  client.unsent = std::string(bytes.substr(taken));
  return client.unsent.empty() ? Wants::kMore : Wants::kWrite;
}

/// Echoes once what is there: one recv() and, usually, one send(). Never blocks. Returns what to
/// wait for before the next step, kGone where the client has ended or broken off: the caller closes
/// it.
// Inline, whatever the compiler thinks of its length: after a system call, each return on the way
// back to the loop costs some 30 ns, which is more than its call did.
[[gnu::always_inline]] inline Wants echo_step(EchoClient& client)
{
  std::array<char, kBufferBytes> buffer;  // not the client's: who waits needs none
  std::string_view bytes = client.unsent;
  if (bytes.empty()) {
    const ssize_t count = ::recv(client.socket.get(), buffer.data(), buffer.size(), 0);
    if (count == -1 && try_again_later()) return Wants::kRead;
    if (count <= 0) return Wants::kGone;
    bytes = {buffer.data(), static_cast<std::size_t>(count)};
  }
  return send_some(client, bytes);
}

}  // namespace two_cakes
