// Who waits for the end of a task.
#pragma once

namespace two_cakes {

class TaskFrame;

/// Told, on the loop's thread, when a task that was spawned has come to its end.
class Joiner {
 public:
  virtual void finished(TaskFrame& task) = 0;

 protected:
  ~Joiner() = default;
};

}  // namespace two_cakes
