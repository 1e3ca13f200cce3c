// One thread that waits for everything at once, and runs each task until it must wait again.
// Names follow asyncio's loop, so that a reader of the chapter finds them.
//
// A turn: wait for descriptors (not at all where something is ready; else until the next timer),
// and serve those that are; then up to kTimersPerTurn timers that are due; then up to kReadyPerTurn
// of those that are ready, in their order, with what they make ready. So one which asks for itself
// for ever keeps neither timers nor descriptors from theirs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/units.hpp"
#include "tasks/descriptors.hpp"
#include "tasks/loop_observer.hpp"
#include "tasks/mailbox.hpp"
#include "tasks/ready_queue.hpp"
#include "tasks/signal_calls.hpp"
#include "tasks/spawned.hpp"
#include "tasks/task.hpp"
#include "tasks/task_list.hpp"
#include "tasks/thread_pool.hpp"
#include "tasks/timer_handle.hpp"
#include "tasks/timers.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// A queue of ready callbacks and coroutines, timers, and descriptors that are waited for.
/// Belongs to the thread that runs it; only call_soon_threadsafe() may be called from others.
class EventLoop {
 public:
  using Callback = std::function<void()>;
  using ReadyCallback = std::function<void(Ready)>;
  using ExceptionHandler = std::function<void(std::exception_ptr, std::string_view task)>;
  static constexpr int kReadyPerTurn = 128;
  static constexpr int kTimersPerTurn = kReadyPerTurn;  // more of them would only queue up

  /// Takes epoll where no other poller is given; see make_poller().
  explicit EventLoop(std::unique_ptr<Poller> poller = make_epoll_poller());
  /// The same, where the kernel does the reading: io_uring; see make_completion().
  explicit EventLoop(std::unique_ptr<Completion> completion);
  /// Over the backend of that name: a poller's, or "io_uring". Throws UsageError for a name that
  /// none has, and Skipped, with the reason, where this machine lacks it.
  static EventLoop over(std::string_view backend);
  static std::vector<std::string> backends();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Destroys all tasks that have not finished, with what is in their frames.
  ~EventLoop();

  /// The loop that runs on this thread now. Throws std::logic_error where none does.
  static EventLoop& running();

  /// Runs `function` in the next turn. First in, first out.
  template <class Function>
  void call_soon(Function function)
  {
    ready_.push(std::move(function));
  }

  /// The same, from any thread: wakes the loop if it waits.
  void call_soon_threadsafe(Callback callback);

  /// Runs `function` at `when` or soon after, never before. A time in the past means the next turn.
  template <class Function>
  TimerHandle call_at(Clock::time_point when, Function function)
  {
    TimerCallback& node = TimerCallbackOf<Function>::make(*this, std::move(function));
    timers_.add(node, when);
    return TimerHandle(node);
  }
  template <class Function>
  TimerHandle call_later(Clock::duration delay, Function function)
  {
    return call_at(after(delay), std::move(function));
  }

  /// Starts `task` in the next turn; the loop keeps it until it has finished (asyncio's
  /// create_task). The result awaits, cancels or names it; it may be dropped.
  template <class Result>
  Spawned<Result> spawn(Task<Result> task, std::string name = {})
  {
    start(task.frame(), std::move(name));
    return Spawned<Result>(*this, task.release());
  }

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
  /// hold up those who wait.
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

  /// Who is told of an exception that a task ended with, and that nobody awaited. The default
  /// prints it on stderr, with the task's name.
  void set_exception_handler(ExceptionHandler handler) { on_exception_ = std::move(handler); }
  /// Who sees every step of every task; nullptr for nobody. It must outlive its use.
  void set_observer(LoopObserver* observer) { observer_ = observer; }
  /// For up to `limit`, a loop that has nothing to do looks again and again before it sleeps. Pays
  /// where the next event is sooner than a core needs to wake up, and costs a whole core. Gives up
  /// for a while where it was in vain. 0: never.
  void spin_before_sleeping(Clock::duration limit) { spin_limit_ = limit; }

  /// The tasks that have not finished, and what each waits for: see task_dump.hpp.
  [[nodiscard]] const TaskList& tasks() const { return tasks_; }

  // For awaiters, on the loop's thread.
  [[nodiscard]] Descriptors& descriptors() { return descriptors_; }
  /// Puts a coroutine that waited among the ready ones.
  void resume_soon(TaskFrame& frame);
  /// Goes on with it at once: for callbacks of the loop, not from inside another coroutine.
  void resume_now(TaskFrame& frame);
  /// Resumes it at `when`; its waiting().cancel() calls wake_early().
  void sleep(TaskFrame& frame, Clock::time_point when);
  void wake_early(TaskFrame& frame);
  /// Something goes on elsewhere (in a pool) that will come back: until then run() doesn't end.
  void begin_elsewhere() { ++elsewhere_; }
  void end_elsewhere() { --elsewhere_; }
  /// Whether a coroutine that needn't wait may go on at once. Not for ever: after some, it must go
  /// behind the others, or it would starve them.
  [[nodiscard]] bool may_go_on() { return ++in_a_row_ % kInARow != 0; }
  /// `delay` from now; far delays end at the end of time.
  static Clock::time_point after(Clock::duration delay);

 private:
  friend class TaskFrame;
  friend class TimerHandle;
  friend class SpawnedTask;
  static constexpr unsigned kInARow = 64;

  /// The one that runs; between two runs, when a waiter may be told or destroyed as well, the one
  /// that was made last.
  static EventLoop& here() { return running_ != nullptr ? *running_ : *latest_; }
  void begin();
  void start(TaskFrame& task, std::string name);
  void task_ended(TaskFrame& task) noexcept;
  void let_go(TaskFrame& task, bool observed) noexcept;
  void cancel(TaskFrame& task);
  void destroy(TaskFrame& task);
  void forget(TaskFrame& frame) noexcept;
  void report(TaskFrame& task) noexcept;
  void resume_observed(TaskFrame& frame);
  void cancel(TimerCallback& timer);
  void run_until_finished(const TaskFrame& task);
  static void run_first(void* what, ReadyQueue::Verb verb);
  static void run_frame(void* what, ReadyQueue::Verb verb);
  static void run_timer(void* what, ReadyQueue::Verb verb);

  [[nodiscard]] bool idle();
  void turn();
  void wait_and_dispatch();
  bool spin();
  void run_ready();
  void queue_due_timers();
  void take_posted();

  ReadyQueue ready_;
  TimerQueue timers_;
  TaskList tasks_;
  LoopObserver* observer_ = nullptr;
  TaskFrame* observed_task_ = nullptr;  // the one that runs, where there is an observer
  unsigned in_a_row_ = 0;
  bool stopping_ = false;
  Clock::duration spin_limit_{0};
  unsigned spin_pause_ = 0;  // how many waits to go without spinning
  unsigned spin_failures_ = 0;
  std::size_t elsewhere_ = 0;
  Descriptors descriptors_;
  Mailbox mailbox_;
  SignalCalls signals_;
  ExceptionHandler on_exception_;

  static inline thread_local constinit EventLoop* running_ = nullptr;
  static inline thread_local constinit EventLoop* latest_ = nullptr;  // made on this thread
};

}  // namespace two_cakes
