// select, poll, epoll, kqueue: each through the contract that they share (common/wait/poller.hpp).
#include "wait/poller.hpp"

#include <cerrno>
#include <memory>

#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {

WaitMany prepare_poller(const std::string& model, const Watched& watched)
{
  const std::shared_ptr<Poller> poller = make_poller(model);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    try {
      poller->add(watched[i].get(), Ready::kRead, i);
    } catch (const SyscallError& error) {
      if (error.code().value() != EINVAL) throw;
      throw Skipped(error.what());  // select's FD_SETSIZE
    }
  }
  return [poller, fd = watched.back().get(), ready = watched.size() - 1](int waits) {
    std::vector<ReadyEvent> events;
    int right = 0;
    for (int i = 0; i < waits; ++i) {
      // An edge is reported once: a second call asks for it anew.
      if (poller->edge_triggered()) poller->modify(fd, Ready::kRead, ready);
      poller->wait(events, Clock::time_point::max());
      if (events.size() == 1 && events[0].tag == ready) ++right;
    }
    return right;
  };
}

}  // namespace two_cakes
