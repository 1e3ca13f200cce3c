// The floor: level-triggered epoll, and nothing else.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "request.hpp"

namespace {

int epoll;

void watch(int operation, int fd, std::uint32_t interest)
{
  epoll_event event{.events = interest, .data = {.fd = fd}};
  ::epoll_ctl(epoll, operation, fd, &event);
}

bool send_request(int fd)
{
  return ::send(fd, peers::kRequest.data(), peers::kRequest.size(), MSG_NOSIGNAL) > 0;
}

}  // namespace

int main(int argc, char** argv)
{
  const auto [server, count] = peers::read_arguments(argc, argv);
  peers::Answers answers;
  epoll = ::epoll_create1(0);
  std::vector<std::string> texts;  // by descriptor
  for (int i = 0; i < count; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ::connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server);
    if (texts.size() <= static_cast<std::size_t>(fd))
      texts.resize(static_cast<std::size_t>(fd) + 1);
    watch(EPOLL_CTL_ADD, fd, send_request(fd) ? EPOLLIN : EPOLLOUT);  // it may be connected already
  }
  static epoll_event ready[512];
  for (int left = count; left > 0;) {
    const int batch = ::epoll_wait(epoll, ready, 512, -1);
    for (int i = 0; i < batch; ++i) {
      const int fd = ready[i].data.fd;
      if ((ready[i].events & EPOLLOUT) != 0 && send_request(fd)) watch(EPOLL_CTL_MOD, fd, EPOLLIN);
      if ((ready[i].events & EPOLLIN) == 0) continue;
      std::string& text = texts[static_cast<std::size_t>(fd)];
      char bytes[peers::kAnswerBytes];
      const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
      if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
      if (got > 0) continue;
      answers.add(text);
      ::close(fd);
      --left;
    }
  }
  return answers.report(count);
}
