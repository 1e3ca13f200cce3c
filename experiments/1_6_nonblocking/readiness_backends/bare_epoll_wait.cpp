// bare_epoll_wait: the system call, with nothing around it.
#include <sys/epoll.h>

#include <array>
#include <memory>

#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {

WaitMany prepare_bare_epoll_wait(const std::string&, const Watched& watched)
{
  const auto epoll =
      std::make_shared<UniqueFd>(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
  for (std::size_t i = 0; i < watched.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    check_syscall("epoll_ctl", ::epoll_ctl(epoll->get(), EPOLL_CTL_ADD, watched[i].get(), &event));
  }
  return [epoll, ready = watched.size() - 1](int waits) {
    std::array<epoll_event, 512> events;
    int right = 0;
    for (int i = 0; i < waits; ++i) {
      const int count = ::epoll_wait(epoll->get(), events.data(), 512, -1);
      if (count == 1 && events[0].data.u64 == ready) ++right;
    }
    return right;
  };
}

}  // namespace two_cakes
