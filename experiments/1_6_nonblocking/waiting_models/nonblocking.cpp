// nonblocking: nobody is waited for. Every client is asked in turn, over and over, whether it has
// said something: a whole core for the asking, and the more clients, the later each is asked.
#include <vector>

#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_nonblocking(const Server& server)
{
  set_listener_non_blocking(server.listener);
  std::vector<EchoClient> clients;
  for (;;) {
    if (UniqueFd client = accept_client(server.listener, true))
      clients.push_back({.socket = std::move(client)});
    for (EchoClient& client : clients) client.wants = echo_step(client);
    std::erase_if(clients, [](const EchoClient& client) { return client.wants == Wants::kGone; });
  }
}

}  // namespace two_cakes
