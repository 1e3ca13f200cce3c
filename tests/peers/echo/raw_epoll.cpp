// The floor: level-triggered epoll, and nothing else. Two system calls for a message, and one for
// each batch. A client that doesn't take its whole echo at once is dropped; all others here serve
// it, and pay for being able to.
#include <sys/epoll.h>
#include <unistd.h>

#include "../listen.hpp"

int main()
{
  const int listener = peers::listen_and_announce("raw_epoll");
  const int epoll = peers::check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  const auto watch = [&](int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    peers::check(::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  };
  watch(listener);
  static epoll_event ready[512];
  static char buffer[peers::kBufferBytes];
  for (;;) {
    const int count = ::epoll_wait(epoll, ready, 512, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[i].data.fd;
      if (fd == listener) {
        for (int client; (client = peers::accept_client(listener)) >= 0;) watch(client);
        continue;
      }
      const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0 || ::send(fd, buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
        ::close(fd);
    }
  }
}
