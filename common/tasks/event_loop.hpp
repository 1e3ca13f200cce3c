// One thread that waits for everything at once, and runs each task until it must wait again.
// Names follow asyncio's loop, so that a reader of the chapter finds them.
//
// A turn: wait for descriptors (not at all where something is ready; else until the next timer),
// and serve those that are; then up to kTimersPerTurn timers that are due; then all that are ready
// by now, in their order, and what these make ready up to kReadyPerTurn in all. So one which asks
// for itself for ever keeps neither timers nor descriptors from theirs; and of a thousand that were
// spawned together the last has begun before the answer to the first is looked at. Who reads,
// writes or accepts without ever having to wait goes behind the others after 16 of these
// (may_go_on()), which ends the turn as soon as all have run that were ready when it began.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tasks/descriptors.hpp"
#include "tasks/mailbox.hpp"
#include "tasks/scheduler.hpp"
#include "tasks/signal_calls.hpp"
#include "tasks/thread_pool.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// A scheduler (call_soon, call_at, spawn), and what it waits for: descriptors, signals, threads.
/// Belongs to the thread that runs it; only call_soon_threadsafe() may be called from others.
class EventLoop : public Scheduler {
 public:
  using Callback = std::function<void()>;
  using ReadyCallback = std::function<void(Ready)>;

  /// Takes epoll where no other poller is given; see make_poller().
  explicit EventLoop(std::unique_ptr<Poller> poller = make_epoll_poller());
  /// The same, where the kernel does the reading: io_uring; see make_completion().
  explicit EventLoop(std::unique_ptr<Completion> completion);
  /// Over the backend of that name: a poller's, or "io_uring". Throws UsageError for a name that
  /// none has, and Skipped, with the reason, where this machine lacks it.
  static EventLoop over(std::string_view backend);
  static std::vector<std::string> backends();
  /// Destroys all tasks that have not finished, with what is in their frames.
  ~EventLoop();

  /// The loop that runs on this thread now. Throws std::logic_error where none does.
  static EventLoop& running();

  /// call_soon() from any thread: wakes the loop if it waits.
  void call_soon_threadsafe(Callback callback);

  /// Calls `callback` whenever `fd` is ready for `interest`, until unwatch(). Watching it again
  /// replaces both. The caller owns `fd`, and calls unwatch() before closing it. Throws
  /// SyscallError where the poller can't watch it.
  void watch(int fd, Ready interest, ReadyCallback callback)
  {
    descriptors_.watch(fd, interest, std::move(callback));
  }
  void unwatch(int fd) { descriptors_.unwatch(fd); }

  /// Calls `callback` on the loop after each `number` (SIGINT, SIGCHLD, ...) that this process
  /// gets, instead of what it did before. One loop for each signal. Keeps no run() from its end.
  void add_signal_handler(int number, Callback callback)
  {
    signals_.add(number, std::move(callback));
  }
  bool remove_signal_handler(int number) { return signals_.remove(number); }

  /// Runs `function` on `pool` and then `done` on the loop: so that computing or blocking doesn't
  /// hold up those who wait. Where `function` throws, or the pool drops it, `done` isn't run, and
  /// the exception handler is told. The loop's destructor waits for a function that runs.
  void run_in_pool(ThreadPool& pool, Callback function, Callback done);

  /// Runs until nothing is ready, timed, waited for or at work in a pool, or until stop(). An
  /// exception that leaves a callback leaves run() too; the loop can be run again.
  void run();
  /// Runs until stop(), also while there is nothing to do.
  void run_forever();
  /// Runs until `task` has finished, and returns its result, or throws its exception. Throws
  /// std::logic_error where the task waits for what can't come any more.
  template <class Result>
  Result run_until_complete(Task<Result> task)
  {
    Spawned<Result> spawned = spawn(std::move(task));
    run_until_finished(spawned.frame());
    return spawned.result();
  }
  /// Ends run() after the callback that calls it.
  void stop() { stopping_ = true; }

  /// For up to `limit`, a loop that has nothing to do looks again and again before it sleeps. Pays
  /// where the next event is sooner than a core needs to wake up, and costs a whole core. Gives up
  /// for a while where it was in vain. 0: never.
  void spin_before_sleeping(Clock::duration limit) { spin_limit_ = limit; }

  // For awaiters, on the loop's thread.
  [[nodiscard]] Descriptors& descriptors() { return descriptors_; }
  /// Something goes on elsewhere (in a pool) that will come back: until then run() doesn't end.
  void begin_elsewhere() { ++elsewhere_; }
  void end_elsewhere() { --elsewhere_; }

 private:
  void begin();
  void run_until_finished(const TaskFrame& task);

  [[nodiscard]] bool idle();
  void turn();
  void wait_and_dispatch();
  bool spin();
  void take_posted();

  Clock::duration spin_limit_{0};
  unsigned spin_pause_ = 0;  // how many waits to go without spinning
  unsigned spin_failures_ = 0;
  std::size_t elsewhere_ = 0;
  Descriptors descriptors_;
  Mailbox mailbox_;
  SignalCalls signals_;
};

}  // namespace two_cakes
