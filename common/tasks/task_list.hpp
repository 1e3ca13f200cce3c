// All tasks of a loop that have not finished.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "tasks/task_frame.hpp"

namespace two_cakes {

/// Eight bytes a task; adding and removing are O(1). Names are kept for those only that were given
/// one.
class TaskList {
 public:
  /// Takes the task in. Throws std::length_error beyond 33,554,430 of them.
  void add(TaskFrame& task, std::string name);
  /// Takes it out; its name stays, for who asks how it ended.
  void remove(TaskFrame& task);
  void forget_name(const TaskFrame& task);

  [[nodiscard]] bool empty() const { return tasks_.empty(); }
  [[nodiscard]] const std::deque<TaskFrame*>& all() const { return tasks_; }

  /// The name that it was given, or else function_name_of() it.
  [[nodiscard]] std::string name_of(const TaskFrame& task) const;

 private:
  std::deque<TaskFrame*> tasks_;
  std::unordered_map<const TaskFrame*, std::string> names_;
};

/// The coroutine's function: "serve(Stream)", without its result and the names of namespaces.
std::string function_name_of(const TaskFrame& frame);

}  // namespace two_cakes
