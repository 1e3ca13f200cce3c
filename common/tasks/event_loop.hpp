// One thread that waits for everything at once, and runs each task until it must wait again.
// Names follow asyncio's loop, so that a reader of the chapter finds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "tasks/thread_pool.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// A queue of ready callbacks, timers, and descriptors that are waited for.
/// Belongs to the thread that runs it; only call_soon_threadsafe() may be called from others.
class EventLoop {
 public:
  using Callback = std::function<void()>;
  using ReadyCallback = std::function<void(Ready)>;

  /// Takes epoll where no other poller is given.
  explicit EventLoop(std::unique_ptr<Poller> poller = make_epoll_poller());
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `callback` in the next turn. First in, first out.
  void call_soon(Callback callback) { ready_.push_back(std::move(callback)); }

  /// The same, from any thread: wakes the loop if it waits.
  void call_soon_threadsafe(Callback callback);

  /// Runs `callback` at `when` or soon after, never before. A time in the past means the next turn.
  void call_at(Clock::time_point when, Callback callback);

  /// Calls `callback` whenever `fd` is ready for `interest`, until unwatch(). Watching it again
  /// replaces both. The caller owns `fd`, and calls unwatch() before closing it.
  void watch(int fd, Ready interest, ReadyCallback callback);
  void unwatch(int fd);

  /// Runs `function` on `pool` and then `done` on the loop: so that computing doesn't hold up those
  /// who wait.
  void run_in_pool(ThreadPool& pool, Callback function, Callback done);

  /// Runs until nothing is ready, timed, watched or at work in a pool, or until stop(). An
  /// exception that leaves a callback leaves run() too; the loop can be run again.
  void run();
  void stop() { stopping_ = true; }

 private:
  struct Watch {
    std::uint32_t generation;
    std::shared_ptr<ReadyCallback> callback;  // shared: it may unwatch itself while it runs
  };
  struct Timer {
    Clock::time_point when;
    std::uint64_t number;  // equal times run in the order in which they were asked for
    std::shared_ptr<Callback> callback;
    bool operator>(const Timer& other) const
    {
      return when != other.when ? when > other.when : number > other.number;
    }
  };

  [[nodiscard]] bool idle();
  [[nodiscard]] Clock::time_point next_deadline() const;
  void run_ready();
  void queue_expired();
  void wait_and_dispatch();
  void dispatch(const ReadyEvent& event);
  void take_posted();

  std::unique_ptr<Poller> poller_;
  std::deque<Callback> ready_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::unordered_map<int, Watch> watches_;
  std::vector<ReadyEvent> events_;
  std::uint64_t timer_number_ = 0;
  std::uint32_t generation_ = 0;
  std::size_t in_pool_ = 0;
  bool stopping_ = false;

  UniqueFd wake_up_;  // an eventfd: readable once another thread has posted
  std::mutex posted_mutex_;
  std::vector<Callback> posted_;
};

}  // namespace two_cakes
