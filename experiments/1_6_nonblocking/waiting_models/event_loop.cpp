// event_loop: epoll's model with its waiting in a library: each client is a callback, which the
// loop calls when that client is ready.
#include "tasks/event_loop.hpp"

#include <unordered_map>

#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

class Echo {
 public:
  Echo(EventLoop& loop, int listener) : loop_(loop)
  {
    loop_.watch(listener, Ready::kRead, [this, listener](Ready) { accept_all(listener); });
  }

 private:
  void accept_all(int listener)
  {
    while (UniqueFd client = accept_client(listener, true)) {
      const int fd = client.get();
      clients_[fd].socket = std::move(client);
      watch(clients_[fd], Ready::kRead);
    }
  }

  void watch(EchoClient& client, Ready interest)
  {
    loop_.watch(client.socket.get(), interest, [this, &client](Ready) { serve(client); });
  }

  void serve(EchoClient& client)
  {
    const bool wrote = client.wants == Wants::kWrite;
    client.wants = echo_step(client);
    const bool writes = client.wants == Wants::kWrite;
    if (client.wants == Wants::kGone) leave(client.socket.get());
    else if (writes != wrote) watch(client, writes ? Ready::kWrite : Ready::kRead);
  }

  void leave(int fd)
  {
    loop_.unwatch(fd);
    clients_.erase(fd);
  }

  EventLoop& loop_;
  std::unordered_map<int, EchoClient> clients_;  // by descriptor
};

}  // namespace

void serve_event_loop(const Server& server)
{
  set_listener_non_blocking(server.listener);
  EventLoop loop;
  loop.spin_before_sleeping(server.spin);
  const Echo echo(loop, server.listener);
  loop.run();
}

}  // namespace two_cakes
