// The small loop. Given.
#include "loop.hpp"

#include <algorithm>
#include <thread>
#include <utility>

void Loop::call_soon(Callback callback) { ready_.push_back(std::move(callback)); }

Loop::TimerId Loop::call_later(Duration delay, Callback callback)
{
  const auto now = Clock::now();
  const TimerId timer{now + std::clamp(delay, delay.zero(), Clock::time_point::max() - now),
                      ++last_timer_};
  timers_.emplace(timer, std::move(callback));
  return timer;
}

void Loop::cancel(TimerId timer) { timers_.erase(timer); }

void Loop::run()
{
  while (!ready_.empty() || !timers_.empty()) {
    if (ready_.empty()) std::this_thread::sleep_until(timers_.begin()->first.when);
    const auto now = Clock::now();
    // One at a time, and each until then to be found: the one before it may cancel it.
    while (!timers_.empty() && timers_.begin()->first.when <= now)
      timers_.extract(timers_.begin()).mapped()();
    for (auto left = ready_.size(); left > 0; --left) {
      const Callback callback = std::move(ready_.front());
      ready_.pop_front();
      callback();
    }
  }
}
