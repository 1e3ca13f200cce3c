// io_uring: an operation on each descriptor, "tell me when it is readable". The one that has
// completed is started anew with the next wait, in the same system call.
#include <memory>

#include "models.hpp"
#include "wait/completion.hpp"

namespace two_cakes {

WaitMany prepare_io_uring(const std::string&, const Watched& watched)
{
  const std::shared_ptr<Completion> completion = make_completion("io_uring");
  for (std::size_t i = 0; i + 1 < watched.size(); ++i)
    completion->await_ready(watched[i].get(), Ready::kRead, i);
  return [completion, fd = watched.back().get(), ready = watched.size() - 1](int waits) {
    std::vector<CompletionEvent> events;
    int right = 0;
    for (int i = 0; i < waits; ++i) {
      completion->await_ready(fd, Ready::kRead, ready);
      completion->wait(events, Clock::time_point::max());
      if (events.size() == 1 && events[0].tag == ready) ++right;
    }
    return right;
  };
}

}  // namespace two_cakes
