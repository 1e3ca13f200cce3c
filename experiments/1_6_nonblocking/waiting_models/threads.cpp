// threads: a thread for each client. Each may block, since it holds up nobody else.
#include "echo_blocking.hpp"
#include "models.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {
namespace {

void serve_in_thread(UniqueFd client)
{
  try {
    start_thread([client = std::move(client)] { echo_until_end(client.get()); }).detach();
  } catch (const SyscallError&) {
    // No thread can be had: this client is turned away, by closing it, and the others stay.
  }
}

}  // namespace

void serve_threads(const Server& server)
{
  for (;;) {
    UniqueFd client = accept_client(server.listener, false);
    if (client) serve_in_thread(std::move(client));
  }
}

}  // namespace two_cakes
