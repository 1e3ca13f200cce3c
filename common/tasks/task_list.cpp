#include "tasks/task_list.hpp"

#include <stdexcept>
#include <string_view>

namespace two_cakes {

void TaskList::add(TaskFrame& task, std::string name)
{
  if (tasks_.size() >= TaskFrame::kNoTask) throw std::length_error("too many tasks on one loop");
  task.slot_ = static_cast<std::uint32_t>(tasks_.size()) & TaskFrame::kNoTask;
  tasks_.push_back(&task);
  if (!name.empty()) names_.emplace(&task, std::move(name));
}

void TaskList::remove(TaskFrame& task)
{
  TaskFrame* const last = tasks_.back();
  tasks_[task.slot_] = last;
  last->slot_ = task.slot_;
  tasks_.pop_back();
}

void TaskList::forget_name(const TaskFrame& task)
{
  if (!names_.empty()) names_.erase(&task);
}

std::string TaskList::name_of(const TaskFrame& task) const
{
  const auto found = names_.find(&task);
  return found == names_.end() ? function_name_of(task) : found->second;
}

std::string function_name_of(const TaskFrame& frame)
{
  std::string name = frame.where().function_name();
  for (const std::string_view noise : {"two_cakes::", "{anonymous}::", "(anonymous namespace)::"})
    for (auto at = name.find(noise); at != std::string::npos; at = name.find(noise))
      name.erase(at, noise.size());
  if (!name.starts_with("Task<")) return name;
  int depth = 0;
  for (std::size_t i = 0; i + 2 < name.size(); ++i) {
    depth += name[i] == '<' ? 1 : name[i] == '>' ? -1 : 0;
    if (name[i] == '>' && depth == 0) return name.substr(i + 2);
  }
  return name;
}

}  // namespace two_cakes
