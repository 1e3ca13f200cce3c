#include "tasks/gather.hpp"

namespace two_cakes {

Gathering::~Gathering()
{
  for (SpawnedTask* const task : tasks_)
    if (!task->done()) task->destroy();
}

void Gathering::add(SpawnedTask& task)
{
  tasks_.push_back(&task);
  if (task.done()) return;
  task.set_joiner(this);
  ++left_;
}

void Gathering::finished(TaskFrame& task)
{
  if (task.failed() && failed_ == nullptr) {
    for (SpawnedTask* const one : tasks_)
      if (&one->frame() == &task) failed_ = one;
    cancel_all();
  }
  if (--left_ == 0 && waiter_ != nullptr) waiter_->resume_soon();
}

void Gathering::cancel_all()
{
  for (SpawnedTask* const task : tasks_)
    if (!task->done()) task->cancel();
}

std::string Gathering::describe() const
{
  return "awaits " + std::to_string(left_) + " of " + std::to_string(tasks_.size()) + " tasks";
}

Task<> gather(std::vector<Task<>> tasks)
{
  std::vector<Spawned<>> children;
  children.reserve(tasks.size());
  Gathering all;
  for (Task<>& task : tasks) children.push_back(EventLoop::running().spawn(std::move(task)));
  for (Spawned<>& child : children) all.add(child);
  if (SpawnedTask* const failed = co_await all) static_cast<Spawned<>*>(failed)->result();
  for (Spawned<>& child : children) child.result();
}

}  // namespace two_cakes
