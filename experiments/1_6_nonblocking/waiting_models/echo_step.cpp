#include "echo_step.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "server.hpp"

namespace two_cakes {
namespace {

bool try_again_later() { return errno == EAGAIN || errno == EINTR; }

/// Sends what the client takes now, and keeps the rest.
Wants send_some(EchoClient& client, std::string_view bytes)
{
  const ssize_t sent = ::send(client.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent == -1 && !try_again_later()) return Wants::kGone;
  const std::size_t taken = sent == -1 ? 0 : static_cast<std::size_t>(sent);
  if (taken == bytes.size() && client.unsent.empty() && taken < kBufferBytes) return Wants::kRead;
  client.unsent = std::string(bytes.substr(taken));
  return client.unsent.empty() ? Wants::kMore : Wants::kWrite;
}

}  // namespace

Wants echo_step(EchoClient& client)
{
  if (!client.unsent.empty()) return send_some(client, client.unsent);
  std::array<char, kBufferBytes> buffer;  // not the client's: who waits needs none
  const ssize_t count = ::recv(client.socket.get(), buffer.data(), buffer.size(), 0);
  if (count == -1 && try_again_later()) return Wants::kRead;
  if (count <= 0) return Wants::kGone;
  return send_some(client, {buffer.data(), static_cast<std::size_t>(count)});
}

}  // namespace two_cakes
