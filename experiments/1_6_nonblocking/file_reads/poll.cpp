// poll: asks before each read. The answer is always "ready": a file has no other side that could
// let us wait. Then read waits for the disk.
#include <memory>

#include "base/errors.hpp"
#include "models.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

ReadAll prepare_poll(int)
{
  return [](const UniqueFd& file, std::vector<Block>& blocks) {
    const std::unique_ptr<Poller> poller = make_poll_poller();
    poller->add(file.get(), Ready::kRead, 1);
    std::vector<ReadyEvent> events;
    for (Block& block : blocks) {
      poller->wait(events, Clock::time_point{});
      if (events.empty()) throw WrongAnswer("poll said that a regular file isn't ready");
      read_block(file, block);
    }
  };
}

}  // namespace two_cakes
