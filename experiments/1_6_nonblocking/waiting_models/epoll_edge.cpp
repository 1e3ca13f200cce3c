// epoll, edge-triggered: the kernel says once that a client has become ready, and nothing again
// until something changes. So each is served until it has nothing more to give or to take, a step
// at a time, so that one who never stops doesn't keep the others waiting.
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "echo_step.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

constexpr std::uint32_t kEnded = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

void watch(int epoll, int fd, std::uint32_t interest)
{
  epoll_event event{};
  event.events = interest;
  event.data.fd = fd;
  check_syscall("epoll_ctl", ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

/// Whether the client can go on at once, though the kernel will not say so again. An end that came
/// with the last bytes was told with them.
bool step(EchoClient& client, std::uint32_t events)
{
  client.wants = echo_step(client);
  if (client.wants == Wants::kGone) client = {};
  return client.socket &&
         (client.wants == Wants::kMore || (client.wants == Wants::kRead && (events & kEnded) != 0));
}

}  // namespace

void serve_epoll_edge(const Server& server)
{
  set_listener_non_blocking(server.listener);
  const UniqueFd epoll{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
  watch(epoll.get(), server.listener, EPOLLIN);
  std::vector<EchoClient> clients;  // by descriptor
  std::vector<epoll_event> unfinished, ready(512);
  for (;;) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), 512, unfinished.empty() ? -1 : 0);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("epoll_wait", count);
    std::vector<epoll_event> turn = std::move(unfinished);
    turn.insert(turn.end(), ready.begin(), ready.begin() + count);
    unfinished.clear();
    bool knocked = false;
    for (const epoll_event& event : turn) {
      const int fd = event.data.fd;
      if (fd == server.listener) knocked = true;
      else if (clients[fd].socket && step(clients[fd], event.events)) unfinished.push_back(event);
    }
    // Last: the descriptor of one who has left in this turn may come back for a newcomer.
    while (UniqueFd client = knocked ? accept_client(server.listener, true) : UniqueFd()) {
      const int fd = client.get();
      watch(epoll.get(), fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
      if (clients.size() <= static_cast<std::size_t>(fd)) clients.resize(fd + 1);
      clients[fd].socket = std::move(client);
    }
  }
}

}  // namespace two_cakes
