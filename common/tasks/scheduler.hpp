// Who runs next, and when: the ready, those whose time has come, and the life of every task.
#pragma once

#include <functional>
#include <string>

#include "base/units.hpp"
#include "tasks/loop_observer.hpp"
#include "tasks/ready_queue.hpp"
#include "tasks/spawned.hpp"
#include "tasks/task.hpp"
#include "tasks/task_list.hpp"
#include "tasks/timer_handle.hpp"
#include "tasks/timers.hpp"

namespace two_cakes {

/// The half of an event loop that knows nothing of descriptors, threads or signals: event_loop.hpp
/// is the other. Belongs to the thread that runs it.
class Scheduler {
 public:
  using ExceptionHandler = std::function<void(std::exception_ptr, std::string_view task)>;
  /// At least: more where more are ready when the turn begins.
  static constexpr std::size_t kReadyPerTurn = 128;
  static constexpr int kTimersPerTurn = 128;  // more of them would only queue up

  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Runs `function` in the next turn. First in, first out.
  template <class Function>
  void call_soon(Function function)
  {
    ready_.push(std::move(function));
  }

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

  /// Who is told of an exception that a task ended with, and that nobody awaited. The default
  /// prints it on stderr, with the task's name.
  void set_exception_handler(ExceptionHandler handler) { on_exception_ = std::move(handler); }
  /// Who sees every step of every task; nullptr for nobody. It must outlive its use.
  void set_observer(LoopObserver* observer) { observer_ = observer; }
  /// The tasks that have not finished, and what each waits for: see task_dump.hpp.
  [[nodiscard]] const TaskList& tasks() const { return tasks_; }

  // For awaiters, on the loop's thread.
  /// Puts a coroutine that waited among the ready ones.
  void resume_soon(TaskFrame& frame);
  /// Goes on with it at once: for callbacks of the loop, not from inside another coroutine.
  void resume_now(TaskFrame& frame);
  /// Resumes it at `when`; its waiting().cancel() calls wake_early().
  void sleep(TaskFrame& frame, Clock::time_point when);
  void wake_early(TaskFrame& frame);
  /// Whether a coroutine that needn't wait may go on at once. Not for ever: after some, it must go
  /// behind the others, and the descriptors, or it would starve them.
  [[nodiscard]] bool may_go_on()
  {
    if (++in_a_row_ % kInARow != 0) return true;
    ends_turn_ = true;
    return false;
  }
  /// `delay` from now; far delays end at the end of time.
  static Clock::time_point after(Clock::duration delay);

 protected:
  Scheduler();
  ~Scheduler() = default;

  /// Destroys all tasks that have not finished, and drops what is ready or timed.
  void clear();
  [[nodiscard]] bool anything_ready() const { return !ready_.empty(); }
  [[nodiscard]] bool nothing_to_run() const { return ready_.empty() && timers_.empty(); }
  [[nodiscard]] Clock::time_point next_deadline() const { return timers_.earliest(); }
  void queue_due_timers();
  void run_ready();

  bool stopping_ = false;
  static inline thread_local constinit Scheduler* running_ = nullptr;  // on this thread
  static inline thread_local constinit Scheduler* latest_ = nullptr;   // made on it

 private:
  friend class TaskFrame;
  friend class TimerHandle;
  friend class SpawnedTask;
  static constexpr unsigned kInARow = 16;

  /// The one that runs; between two runs, when a waiter may be told or destroyed as well, the one
  /// that was made last.
  static Scheduler& here() { return running_ != nullptr ? *running_ : *latest_; }
  void start(TaskFrame& task, std::string name);
  void task_ended(TaskFrame& task) noexcept;
  void let_go(TaskFrame& task, bool observed) noexcept;
  void cancel(TaskFrame& task);
  void destroy(TaskFrame& task);
  void forget(TaskFrame& frame) noexcept;
  void report(TaskFrame& task) noexcept;
  void resume_observed(TaskFrame& frame);
  void cancel(TimerCallback& timer);
  static void run_first(void* what, ReadyQueue::Verb verb);
  static void run_frame(void* what, ReadyQueue::Verb verb);
  static void run_timer(void* what, ReadyQueue::Verb verb);

  ReadyQueue ready_;
  TimerQueue timers_;
  TaskList tasks_;
  LoopObserver* observer_ = nullptr;
  TaskFrame* observed_task_ = nullptr;  // the one that runs, where there is an observer
  unsigned in_a_row_ = 0;
  bool ends_turn_ = false;  // after those who were ready when it began
  ExceptionHandler on_exception_;
};

}  // namespace two_cakes
