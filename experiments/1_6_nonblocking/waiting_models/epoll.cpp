// epoll: the kernel keeps the list of clients, and says who is ready: nobody walks over those who
// say nothing. Level-triggered: who isn't finished with is reported again.
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

void watch(int epoll, int operation, int fd, std::uint32_t interest)
{
  epoll_event event{};
  event.events = interest;
  event.data.fd = fd;
  check_syscall("epoll_ctl", ::epoll_ctl(epoll, operation, fd, &event));
}

}  // namespace

void serve_epoll(const Server& server)
{
  set_listener_non_blocking(server.listener);
  const UniqueFd epoll{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
  watch(epoll.get(), EPOLL_CTL_ADD, server.listener, EPOLLIN);
  std::vector<EchoClient> clients;  // by descriptor
  std::array<epoll_event, 512> ready;
  for (;;) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), ready.size(), -1);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("epoll_wait", count);
    bool knocked = false;
    for (int i = 0; i < count; ++i) {
      const int fd = ready[i].data.fd;
      if (fd == server.listener) {
        knocked = true;
        continue;
      }
      EchoClient& client = clients[fd];
      const bool wrote = client.wants == Wants::kWrite;
      client.wants = echo_step(client);
      const bool writes = client.wants == Wants::kWrite;
      if (client.wants == Wants::kGone) client = {};  // closing it takes it off the kernel's list
      else if (writes != wrote) watch(epoll.get(), EPOLL_CTL_MOD, fd, writes ? EPOLLOUT : EPOLLIN);
    }
    // Last: the descriptor of one who has left in this turn may come back for a newcomer.
    while (UniqueFd client = knocked ? accept_client(server.listener, true) : UniqueFd()) {
      const int fd = client.get();
      watch(epoll.get(), EPOLL_CTL_ADD, fd, EPOLLIN);
      if (clients.size() <= static_cast<std::size_t>(fd)) clients.resize(fd + 1);
      clients[fd].socket = std::move(client);
    }
  }
}

}  // namespace two_cakes
