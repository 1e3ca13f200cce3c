// poll: one thread, two sockets that don't block. poll is told of both each time, and says which
// can go on.
#include <poll.h>

#include <cerrno>
#include <vector>

#include "base/errors.hpp"
#include "models.hpp"
#include "request.hpp"

namespace two_cakes {

void run_poll(const TwoRequests& requests)
{
  const auto deadline = Clock::now() + requests.target.deadline;
  std::vector<Request> unfinished;
  for (const Job& job : requests.jobs) unfinished.emplace_back(job, requests.target);

  while (!unfinished.empty()) {
    std::vector<pollfd> watched;
    for (const Request& request : unfinished) {
      const short interest = request.wants_to_send() ? POLLOUT : POLLIN;
      watched.push_back({.fd = request.fd(), .events = interest, .revents = 0});
    }
    const int count = ::poll(watched.data(), watched.size(), milliseconds_left(deadline));
    if (count == -1 && errno == EINTR) continue;
    check_syscall("poll", count);
    for (std::size_t i = 0; i < watched.size(); ++i)
      if (watched[i].revents != 0) unfinished[i].step();
    std::erase_if(unfinished, [](const Request& request) { return request.finished(); });
  }
}

}  // namespace two_cakes
