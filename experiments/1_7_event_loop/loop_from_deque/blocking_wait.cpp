// blocking_wait: where there is no message, the thread sleeps, and whoever posts one wakes it. What
// nobody posts (that it is late enough, that a socket has something) still has to be asked for
// again and again.
#include <condition_variable>
#include <deque>
#include <mutex>

#include "callbacks.hpp"
#include "outside.hpp"
#include "steps.hpp"

namespace two_cakes {
namespace {

class BlockingLoop final : public Loop {
 public:
  void post(Message message) override
  {
    const std::lock_guard lock(mutex_);  // Python's deque has one of its own
    messages_.push_back(std::move(message));
    not_empty_.notify_one();
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
    while (goes_on()) next()();
  }

 private:
  Message next()
  {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [this] { return !messages_.empty(); });
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<Message> messages_;
};

}  // namespace

Outcome run_blocking_wait(const Load& load)
{
  BlockingLoop loop;
  return run_callbacks(loop, load);
}

}  // namespace two_cakes
