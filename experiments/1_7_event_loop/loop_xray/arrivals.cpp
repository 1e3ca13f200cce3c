#include "arrivals.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>

#include "base/errors.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

Arrivals::Arrivals()
    : epoll_(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))),
      stop_(check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC)))
{
  add(stop_.get(), nullptr);
  thread_ = start_thread([this] { watch(); });
}

Arrivals::~Arrivals()
{
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Arrivals::expect(int fd, Arrival& arrival) { add(fd, &arrival); }

void Arrivals::add(int fd, Arrival* arrival)
{
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.ptr = arrival;
  check_syscall("epoll_ctl", ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event));
}

void Arrivals::watch()
{
  while (true) {
    epoll_event event{};
    const int count = ::epoll_wait(epoll_.get(), &event, 1, -1);
    if (count == -1 && errno == EINTR) continue;
    if (count != 1 || event.data.ptr == nullptr) return;
    static_cast<Arrival*>(event.data.ptr)->note();
  }
}

}  // namespace two_cakes
