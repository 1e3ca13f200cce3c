// What a suspended coroutine waits for.
#pragma once

#include <string>

namespace two_cakes {

class TaskFrame;

/// An awaiter as the rest of the loop sees it. It lives in the frame of the coroutine that waits,
/// and is called on the loop's thread only.
class Waiting {
 public:
  /// Ends the wait of `waiter` before its time: forgets what was waited for, and puts the waiter
  /// among the ready. What can't be ended early goes on, and leaves it at that. Never resumes.
  virtual void cancel(TaskFrame& waiter) = 0;

  /// The child coroutine that is awaited here; nothing where it is something else.
  [[nodiscard]] virtual TaskFrame* child() { return nullptr; }

  /// A cancellation of the waiter, or of somebody above it, goes on to the child.
  virtual void pass_on_cancel() {}

  /// "sleeps", "reads descriptor 7": one line of a dump.
  [[nodiscard]] virtual std::string describe() const = 0;

 protected:
  ~Waiting() = default;
};

}  // namespace two_cakes
