// threads: two threads of one process need no way: a message is copied once, into the queue, and
// then changes its owner. Whoever finds the queue empty, or full, sleeps on a condition.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>

#include "models.hpp"

namespace two_cakes {
namespace {

class Queue {
 public:
  explicit Queue(std::size_t most) : most_(most) {}

  void push(std::string message)
  {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return messages_.size() < most_; });
      messages_.push_back(std::move(message));
    }
    changed_.notify_one();
  }

  std::string pop()
  {
    std::string message;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !messages_.empty(); });
      message = std::move(messages_.front());
      messages_.pop_front();
    }
    changed_.notify_one();
    return message;
  }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;  // one for both: only one of the two sides can be waiting
  std::deque<std::string> messages_;
};

class QueueChannel : public Channel {
 public:
  QueueChannel(std::shared_ptr<Queue> in, std::shared_ptr<Queue> out)
      : in_(std::move(in)),
        out_(std::move(out))
  {
  }
  void send(std::span<const char> message) override
  {
    out_->push({message.begin(), message.end()});
  }
  std::span<const char> receive() override { return message_ = in_->pop(); }

 private:
  std::shared_ptr<Queue> in_;
  std::shared_ptr<Queue> out_;
  std::string message_;
};

}  // namespace

Link link_by_queue(std::size_t message_bytes)
{
  const std::size_t most = std::max<std::size_t>(1, kRoomBytes / message_bytes);
  const auto there = std::make_shared<Queue>(most);
  const auto back = std::make_shared<Queue>(most);
  return {std::make_unique<QueueChannel>(back, there), std::make_unique<QueueChannel>(there, back)};
}

}  // namespace two_cakes
