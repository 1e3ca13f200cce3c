// An event loop: one thread that waits for everything at once, and calls whoever's turn it is.
// Names follow asyncio's loop. This file is given; yours is event_loop.cpp.
//
// A turn of the loop:
//   1. It waits for descriptors: not at all where a callback is ready, else until the next deadline
//      at the latest, and where there is no deadline, for as long as it takes.
//   2. It calls the readers and writers whose descriptors are ready.
//   3. It calls the timers that are due.
//   4. It calls the callbacks that are ready when this step begins, in the order of their posting.
// Who posts himself again in step 4, or makes himself again as a timer in step 3, has his turn in
// the next turn, and not in this one: so he keeps nobody else from theirs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

/// Belongs to the thread that runs it: only call_soon_threadsafe() may be called from others.
/// Every callback is called on the thread that called run(), out of run(), never out of the
/// function that it was handed to.
class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;
  using Callback = std::function<void()>;
  using TimerId = std::uint64_t;

  /// Throws std::system_error where there is no descriptor left for it; then it keeps none either.
  EventLoop();
  /// Destroys the callbacks that were not called, and closes the descriptors that it made itself.
  ~EventLoop();

  /// Calls `callback` in the next turn. First in, first out.
  void call_soon(Callback callback);

  /// The same, from any thread: wakes the loop if it waits. Two posts of one thread keep their
  /// order.
  void call_soon_threadsafe(Callback callback);

  /// Calls `callback` at `when` or soon after, never before; a time in the past means the next
  /// turn. Timers are called in the order of their deadlines, those with the same deadline in the
  /// order in which they were made. Adding and cancelling one of a million takes no look at the
  /// others.
  TimerId call_at(Clock::time_point when, Callback callback);
  /// The same, `delay` from now. A delay that would end after the end of time ends there.
  TimerId call_later(Clock::duration delay, Callback callback);
  /// The timer will not be called, and its callback is destroyed. Returns whether that is due to
  /// this call: false for a timer that has been called, that is being called, or was cancelled
  /// before.
  bool cancel(TimerId timer);

  /// Calls `callback` in each turn in which `fd` can be read without waiting: there are bytes, or
  /// the end of the file, or an error to be had. Replaces the reader that `fd` had; a writer of
  /// `fd` stays. `fd` belongs to the caller, who removes reader and writer before closing it.
  /// Throws std::system_error where `fd` can't be watched; then it is not.
  void add_reader(int fd, Callback callback);
  /// The same for writing.
  void add_writer(int fd, Callback callback);
  /// From now on the reader is not called, not in this turn either. It may remove itself: then its
  /// callback lives until it returns. Returns whether `fd` had one.
  bool remove_reader(int fd);
  bool remove_writer(int fd);

  /// Runs turns until no callback is ready, no timer is left, and no descriptor is watched, or
  /// until stop(). Sleeps in the kernel while there is nothing to do. An exception that leaves a
  /// callback leaves run() as well: that callback has had its turn, all others keep theirs, and
  /// run() can be called again. Throws std::system_error where waiting fails.
  void run();
  /// Called out of a callback: no other is called, and run() returns. What is left is left for the
  /// next run(). Without effect while the loop doesn't run.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
