// blocking: one client after the other. Who comes second waits in the kernel's backlog until the
// first has left, however little it says.
#include "echo_blocking.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_blocking(const Server& server)
{
  for (;;) {
    const UniqueFd client = accept_client(server.listener, false);
    if (client) echo_until_end(client.get());
  }
}

}  // namespace two_cakes
