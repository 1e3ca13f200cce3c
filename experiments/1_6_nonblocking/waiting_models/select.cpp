// select: the kernel is asked who is ready, and both sides walk over all clients for each answer.
// A set has room for the descriptors 0 to 1,023 (FD_SETSIZE): who comes with a higher one is turned
// away, for writing beyond the set would overwrite what lies behind it.
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_select(const Server& server)
{
  set_listener_non_blocking(server.listener);
  std::vector<EchoClient> clients;
  for (;;) {
    fd_set readable, writable;  // select() leaves in them who is ready: made anew each time
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(server.listener, &readable);
    int highest = server.listener;
    for (const EchoClient& client : clients) {
      FD_SET(client.socket.get(), client.wants == Wants::kWrite ? &writable : &readable);
      highest = std::max(highest, client.socket.get());
    }
    const int count = ::select(highest + 1, &readable, &writable, nullptr, nullptr);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("select", count);
    for (EchoClient& client : clients)
      if (FD_ISSET(client.socket.get(), client.wants == Wants::kWrite ? &writable : &readable))
        client.wants = echo_step(client);
    std::erase_if(clients, [](const EchoClient& client) { return client.wants == Wants::kGone; });
    if (!FD_ISSET(server.listener, &readable)) continue;
    while (UniqueFd client = accept_client(server.listener, true))
      if (client.get() < FD_SETSIZE) clients.push_back({.socket = std::move(client)});
  }
}

}  // namespace two_cakes
