// thread_pool: threads that were made once. Who comes when all are taken waits until one is free:
// as many are served at once as there are threads, and no more.
#include "tasks/thread_pool.hpp"

#include <memory>

#include "echo_blocking.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_thread_pool(const Server& server)
{
  ThreadPool pool(server.pool_threads);
  for (;;) {
    auto client = std::make_shared<UniqueFd>(accept_client(server.listener, false));
    if (*client) pool.post([client] { echo_until_end(client->get()); });
  }
}

}  // namespace two_cakes
