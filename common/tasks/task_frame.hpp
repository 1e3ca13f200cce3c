// What every coroutine of a loop carries, whatever its result: who waits for it, what it waits for.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <source_location>
#include <utility>

#include "tasks/frame_pool.hpp"
#include "tasks/joiner.hpp"
#include "tasks/timers.hpp"
#include "tasks/waiting.hpp"

namespace two_cakes {

/// The base of every promise. Coroutines that await each other form a chain: the outermost was
/// spawned (a task, in asyncio's words), the innermost runs, is ready, or waits for the world.
/// 32 bytes, since there may be a million: what isn't needed at the same time shares its place.
class TaskFrame : public TimerNode {
 public:
  TaskFrame() : parent_(nullptr), waiting_(nullptr) {}
  TaskFrame(const TaskFrame&) = delete;
  TaskFrame& operator=(const TaskFrame&) = delete;
  ~TaskFrame()
  {
    if (failed_ == 1) exception_.~exception_ptr();
    if (sleeping_ == 1 || queued_ == 1 || (finished_ == 0 && is_task())) leave_loop();
  }

  static void* operator new(std::size_t bytes) { return FramePool::allocate(bytes); }
  static void operator delete(void* frame, std::size_t bytes) { FramePool::release(frame, bytes); }

  /// Its handle. (Found by the promise's alignment, which is the same in every derived promise.)
  [[nodiscard]] std::coroutine_handle<TaskFrame> handle()
  {
    return std::coroutine_handle<TaskFrame>::from_promise(*this);
  }
  /// Where the coroutine is written: its function's name, file and line.
  [[nodiscard]] const std::source_location& where() const { return where_; }
  void set_where(std::source_location where) { where_ = where; }

  /// What it waits for; nothing where it runs, is ready, or has finished.
  [[nodiscard]] Waiting* waiting() const { return failed_ == 1 ? nullptr : waiting_; }

  /// For an awaiter that suspends this coroutine: false where it must not, since a cancellation
  /// came while it couldn't be delivered. Then the awaiter goes on, and throws (see resumes()).
  [[nodiscard]] bool waits_for(Waiting& waiting)
  {
    if (cancel_pending_ == 1) [[unlikely]]
      return interrupt_now();
    waiting_ = &waiting;
    return true;
  }
  /// The same for an awaiter that hands cancellations on, and waits all the same.
  void waits_until(Waiting& waiting) { waiting_ = &waiting; }
  /// Takes waits_for() back: the wait couldn't be begun.
  void stops_waiting() { waiting_ = nullptr; }
  /// For the awaiter, after the wait: throws Cancelled where it was ended before its time.
  void resumes()
  {
    if (interrupted_ == 1) [[unlikely]]
      throw_cancelled();
  }
  /// For an awaiter that wants to know, and doesn't throw.
  bool take_interruption();
  /// Puts it, which waited, among the ready coroutines of the running loop.
  void resume_soon();

  /// Cancels what runs under this coroutine: the innermost of its chain throws Cancelled where it
  /// waits, or else as soon as it waits again.
  void cancel();
  /// Takes back a cancellation that has not been delivered yet. True where there was one.
  bool take_cancel();
  [[nodiscard]] bool cancel_is_pending() const { return cancel_pending_ == 1; }

  /// The innermost coroutine of the chain that goes down from here.
  [[nodiscard]] TaskFrame& innermost();
  /// The outermost of the chain that goes up from here: the task.
  [[nodiscard]] TaskFrame& outermost();
  /// Who awaits this one directly; nothing above a task.
  [[nodiscard]] TaskFrame* parent() const { return is_task() ? nullptr : parent_; }

  [[nodiscard]] bool is_task() const { return slot_ != kNoTask; }
  [[nodiscard]] bool finished() const { return finished_ == 1; }
  [[nodiscard]] bool is_ready() const { return queued_ == 1; }
  [[nodiscard]] bool failed() const { return failed_ == 1; }
  [[nodiscard]] const std::exception_ptr& exception() const { return exception_; }
  void fail(std::exception_ptr exception) noexcept;
  void rethrow_failure() const
  {
    if (failed_ == 1) [[unlikely]]
      std::rethrow_exception(exception_);
  }

  /// A child begins, or ends, on its parent's behalf: a pending cancellation stays with whoever
  /// runs.
  void begins_under(TaskFrame& parent, Waiting& waiting)
  {
    parent_ = &parent;
    if (parent.cancel_pending_ == 1) [[unlikely]]
      parent.pass_cancel_on_to(*this);
    parent.waiting_ = &waiting;
  }
  std::coroutine_handle<> ends() noexcept
  {
    if (is_task()) return task_ends();
    finished_ = 1;
    if (cancel_pending_ == 1) [[unlikely]]
      pass_cancel_on_to(*parent_);
    parent_->waiting_ = nullptr;
    return parent_->handle();
  }

  /// Of a task. Throws std::logic_error where it has one already.
  void set_joiner(Joiner* joiner);

 private:
  friend class Scheduler;
  friend class TaskList;
  static constexpr std::uint32_t kNoTask = (1u << 25) - 1;

  // Asked for before it is called: a bit that is written each time makes the next child wait for
  // it.
  void pass_cancel_on_to(TaskFrame& other)
  {
    cancel_pending_ = 0;
    other.cancel_pending_ = 1;
  }
  bool interrupt_now();
  std::coroutine_handle<> task_ends() noexcept;
  void leave_loop() noexcept;
  [[noreturn]] void throw_cancelled();

  // A bit is written as a byte. Who reads the whole word right after that waits until the byte has
  // reached the cache (no store forwarding): 3 ns, a third of what awaiting a child costs. So
  // slot_ is read before finished_ is written.
  std::uint32_t slot_ : 25 = kNoTask;  // its place in the loop's list of tasks
  std::uint32_t failed_ : 1 = 0;       // exception_ is what it ended with
  std::uint32_t finished_ : 1 = 0;
  std::uint32_t detached_ : 1 = 0;        // nobody holds it: it is destroyed at its end
  std::uint32_t cancel_pending_ : 1 = 0;  // to be delivered at the next wait
  std::uint32_t interrupted_ : 1 = 0;     // the wait that is ending now was cancelled
  std::uint32_t sleeping_ : 1 = 0;        // its position is the timers'
  std::uint32_t queued_ : 1 = 0;          // its position is the ready queue's
  std::source_location where_;
  union {
    TaskFrame* parent_;  // who goes on when this one has finished
    Joiner* joiner_;     // of a task: who is told
  };
  union {
    Waiting* waiting_;
    std::exception_ptr exception_;
  };
};

}  // namespace two_cakes
