// epoll, edge-triggered: the kernel says once that a client has become ready, and nothing again
// until something changes. So each is served until it has nothing more to give or to take, a step
// at a time, so that one who never stops doesn't keep the others waiting.
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <span>
#include <utility>
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

struct EdgeClient : EchoClient {
  std::uint32_t told = 0;   // all that the kernel has said of it
  bool has_a_turn = false;  // once in a turn, however often it is told of
};

/// Whether the client can go on at once, though the kernel will not say so again. An end that came
/// with the last bytes was told with them.
bool step(EdgeClient& client)
{
  client.has_a_turn = false;
  client.wants = echo_step(client);
  if (client.wants == Wants::kGone) client = {};
  return client.socket && (client.wants == Wants::kMore ||
                           (client.wants == Wants::kRead && (client.told & kEnded) != 0));
}

}  // namespace

void serve_epoll_edge(const Server& server)
{
  set_listener_non_blocking(server.listener);
  const UniqueFd epoll{check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))};
  watch(epoll.get(), server.listener, EPOLLIN);
  std::vector<EdgeClient> clients;  // by descriptor
  std::vector<epoll_event> ready(512);
  std::vector<int> unfinished;
  const auto give_turn = [&clients](int fd, std::vector<int>& turn) {
    if (!std::exchange(clients[fd].has_a_turn, true)) turn.push_back(fd);
  };
  for (;;) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), 512, unfinished.empty() ? -1 : 0);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("epoll_wait", count);
    std::vector<int> turn = std::exchange(unfinished, {});
    bool knocked = false;
    for (const epoll_event& event : std::span(ready).first(static_cast<std::size_t>(count))) {
      const int fd = event.data.fd;
      knocked = knocked || fd == server.listener;
      if (fd == server.listener) continue;
      clients[fd].told |= event.events;
      give_turn(fd, turn);
    }
    for (const int fd : turn)
      if (step(clients[fd])) give_turn(fd, unfinished);
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
