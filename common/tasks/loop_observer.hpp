// Whoever wants to see what the tasks of a loop do: a tracer, a profiler, a test.
#pragma once

#include <string_view>

#include "base/units.hpp"

namespace two_cakes {

class TaskFrame;

/// Told of each step in a task's life, on the loop's thread, at the moment `when`. A loop without
/// an observer pays one comparison with nullptr for each step, and doesn't read the clock. It must
/// not change anything of the loop.
class LoopObserver {
 public:
  virtual ~LoopObserver() = default;

  /// It was spawned, and is ready. `task` names it until finished(); `name` as given at spawn.
  virtual void created(const TaskFrame& task, std::string_view name, Clock::time_point when) = 0;
  /// What it waited for has come: it stands in the queue.
  virtual void ready(const TaskFrame& task, Clock::time_point when) = 0;
  /// It runs.
  virtual void resumed(const TaskFrame& task, Clock::time_point when) = 0;
  /// It stopped running, and waits for `what`: "sleeps", "reads descriptor 7".
  virtual void waits(const TaskFrame& task, std::string_view what, Clock::time_point when) = 0;
  /// It came to its end; `failed` where an exception ended it.
  virtual void finished(const TaskFrame& task, bool failed, Clock::time_point when) = 0;
};

}  // namespace two_cakes
