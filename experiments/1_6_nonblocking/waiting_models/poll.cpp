// poll: the kernel is asked who is ready, with a list instead of a set: no limit, but both sides
// still walk over all clients for each answer.
#include <poll.h>

#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_poll(const Server& server)
{
  set_listener_non_blocking(server.listener);
  std::vector<EchoClient> clients;
  std::vector<pollfd> asked{{.fd = server.listener, .events = POLLIN, .revents = 0}};
  for (;;) {
    const int count = ::poll(asked.data(), asked.size(), -1);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("poll", count);
    for (std::size_t i = 0; i < clients.size(); ++i)
      if (asked[i + 1].revents != 0) {
        clients[i].wants = echo_step(clients[i]);
        asked[i + 1].events = clients[i].wants == Wants::kWrite ? POLLOUT : POLLIN;
      }
    // The last one takes the place of who is gone, in both lists.
    for (std::size_t i = clients.size(); i-- > 0;)
      if (clients[i].wants == Wants::kGone) {
        std::swap(clients[i], clients.back());
        clients.pop_back();
        asked[i + 1] = asked.back();
        asked.pop_back();
      }
    if (asked[0].revents == 0) continue;
    while (UniqueFd client = accept_client(server.listener, true)) {
      asked.push_back({.fd = client.get(), .events = POLLIN, .revents = 0});
      clients.push_back({.socket = std::move(client)});
    }
  }
}

}  // namespace two_cakes
