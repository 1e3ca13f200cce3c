// fifo: the oldest message first, as in a queue at a counter. Nobody is overtaken any more. It
// still goes round and round where there is none.
#include <deque>
#include <mutex>

#include "callbacks.hpp"
#include "outside.hpp"
#include "steps.hpp"

namespace two_cakes {
namespace {

class FifoLoop final : public Loop {
 public:
  void post(Message message) override
  {
    const std::lock_guard lock(mutex_);  // Python's deque has one of its own
    messages_.push_back(std::move(message));
  }

  void post_at(Clock::time_point when, Message message) override
  {
    post([=, this, message = std::move(message)]() mutable {
      if (Clock::now() >= when) message();
      else post_at(when, std::move(message));
    });
  }

  void post_when_readable(int fd, Message message) override
  {
    post([=, this, message = std::move(message)]() mutable {
      if (can_read(fd)) message();
      else post_when_readable(fd, std::move(message));
    });
  }

  void run() override
  {
    while (goes_on())
      if (const Message message = next()) message();
  }

 private:
  Message next()
  {
    const std::lock_guard lock(mutex_);
    if (messages_.empty()) return {};
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

  std::mutex mutex_;
  std::deque<Message> messages_;
};

}  // namespace

Outcome run_fifo(const Load& load)
{
  FifoLoop loop;
  return run_callbacks(loop, load);
}

}  // namespace two_cakes
