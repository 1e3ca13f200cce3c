// epoll: one thread, two sockets that don't block. The kernel is told of each once, and hands out
// those that can go on.
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "models.hpp"
#include "request.hpp"

namespace two_cakes {

void run_epoll(const TwoRequests& requests)
{
  const auto deadline = Clock::now() + requests.target.deadline;
  const UniqueFd epoll(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
  std::vector<Request> all;
  for (const Job& job : requests.jobs) all.emplace_back(job, requests.target);
  std::size_t unfinished = all.size();

  const auto tell = [&](int operation, Request& request) {
    epoll_event event{};
    event.events = request.wants_to_send() ? EPOLLOUT : EPOLLIN;
    event.data.ptr = &request;
    check_syscall("epoll_ctl", ::epoll_ctl(epoll.get(), operation, request.fd(), &event));
  };
  for (Request& request : all) tell(EPOLL_CTL_ADD, request);
  while (unfinished > 0) {
    std::array<epoll_event, 2> ready{};
    const int count = ::epoll_wait(epoll.get(), ready.data(), 2, milliseconds_left(deadline));
    if (count == -1 && errno == EINTR) continue;
    check_syscall("epoll_wait", count);
    for (int i = 0; i < count; ++i) {
      auto& request = *static_cast<Request*>(ready[i].data.ptr);
      request.step();
      if (request.finished()) --unfinished;
      tell(request.finished() ? EPOLL_CTL_DEL : EPOLL_CTL_MOD, request);
    }
  }
}

}  // namespace two_cakes
