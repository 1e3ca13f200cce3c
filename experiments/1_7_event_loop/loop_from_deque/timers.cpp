// timers: the loop keeps what is due later in order, and sleeps until the first deadline at the
// latest. Sockets are looked at by the clock now: once in a millisecond, whether there is anything
// or not, and up to a millisecond late.
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "callbacks.hpp"
#include "outside.hpp"
#include "steps.hpp"

namespace two_cakes {
namespace {

class TimerLoop final : public Loop {
 public:
  void post(Message message) override
  {
    const std::lock_guard lock(mutex_);  // Python's deque has one of its own
    messages_.push_back(std::move(message));
    not_empty_.notify_one();
  }

  void post_at(Clock::time_point when, Message message) override
  {
    timers_.emplace(when, std::move(message));
  }

  void post_when_readable(int fd, Message message) override
  {
    post_at(Clock::now() + kBetweenTwoLooks, [=, this, message = std::move(message)]() mutable {
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
  static constexpr auto kBetweenTwoLooks = std::chrono::milliseconds(1);

  Message next()
  {
    std::unique_lock lock(mutex_);
    const auto there_is_one = [this] { return !messages_.empty(); };
    if (timers_.empty()) not_empty_.wait(lock, there_is_one);
    else not_empty_.wait_until(lock, timers_.begin()->first, there_is_one);
    queue_due_timers();
    if (messages_.empty()) return {};
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

  void queue_due_timers()
  {
    const auto due = timers_.upper_bound(Clock::now());
    for (auto each = timers_.begin(); each != due; ++each)
      messages_.push_back(std::move(each->second));
    timers_.erase(timers_.begin(), due);
  }

  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<Message> messages_;
  std::multimap<Clock::time_point, Message> timers_;  // of the loop's thread alone
};

}  // namespace

Outcome run_timers(const Load& load)
{
  TimerLoop loop;
  return run_callbacks(loop, load);
}

}  // namespace two_cakes
