// A callback that is due at some time, and the handle by which it is called off.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include "tasks/frame_pool.hpp"
#include "tasks/timers.hpp"

namespace two_cakes {

class Scheduler;

/// What call_at() queues. Shared by the loop, until it has run, and the handle.
class TimerCallback : public TimerNode {
 public:
  enum class Verb { kRun, kDestroy };
  using Action = void (*)(TimerCallback&, Verb);
  enum class State : std::uint8_t { kWaits, kQueued, kOver };

  TimerCallback(Scheduler& on, Action what) : loop(&on), action(what) { is_callback = 1; }

  void release()
  {
    if (--owners == 0) action(*this, Verb::kDestroy);
  }

  Scheduler* loop;
  Action action;
  State state = State::kWaits;
  std::uint8_t owners = 1;
};

/// The callable in its node, in one block of the frame pool.
template <class Function>
class TimerCallbackOf final : public TimerCallback {
 public:
  static TimerCallback& make(Scheduler& on, Function function)
  {
    return *new (FramePool::allocate(sizeof(TimerCallbackOf)))
        TimerCallbackOf(on, std::move(function));
  }

 private:
  TimerCallbackOf(Scheduler& on, Function function)
      : TimerCallback(on, &act),
        function_(std::move(function))
  {
  }
  static void act(TimerCallback& node, Verb verb)
  {
    auto& self = static_cast<TimerCallbackOf&>(node);
    if (verb == Verb::kRun) return self.function_();
    self.~TimerCallbackOf();
    FramePool::release(&self, sizeof(TimerCallbackOf));
  }
  Function function_;
};

/// Calls a timer off. Dropping the handle doesn't: the timer stays. It must not outlive the loop,
/// except to be destroyed.
class TimerHandle {
 public:
  TimerHandle() = default;
  explicit TimerHandle(TimerCallback& node) : node_(&node) { ++node.owners; }
  TimerHandle(TimerHandle&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  TimerHandle& operator=(TimerHandle&& other) noexcept
  {
    std::swap(node_, other.node_);
    return *this;
  }
  ~TimerHandle()
  {
    if (node_ != nullptr) node_->release();
  }

  /// The callback won't run. No effect where it has run, or runs now, or was cancelled.
  void cancel();

 private:
  TimerCallback* node_ = nullptr;
};

}  // namespace two_cakes
