#include "echo_blocking.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "server.hpp"

namespace two_cakes {
namespace {

bool send_all(int client, const char* bytes, ssize_t count)
{
  while (count > 0) {
    const ssize_t sent = ::send(client, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
    if (sent == -1 && errno == EINTR) continue;
    if (sent == -1) return false;
    bytes += sent;
    count -= sent;
  }
  return true;
}

}  // namespace

void echo_until_end(int client) noexcept
{
  std::array<char, kBufferBytes> buffer;
  for (;;) {
    const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
    if (count == -1 && errno == EINTR) continue;
    if (count <= 0 || !send_all(client, buffer.data(), count)) return;
  }
}

}  // namespace two_cakes
