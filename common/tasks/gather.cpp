#include "tasks/gather.hpp"

namespace two_cakes {

Gathering::~Gathering()
{
  for (SpawnedTask* const task : tasks_)
    if (!task->done()) {
      task->set_joiner(nullptr);
      task->destroy();
    }
}

void Gathering::add(SpawnedTask& task)
{
  tasks_.push_back(&task);
  if (task.done()) return note_failure(task.frame());
  task.set_joiner(this);
  ++left_;
  if (failed_ != nullptr) task.cancel();
}

void Gathering::finished(TaskFrame& task)
{
  note_failure(task);
  if (--left_ == 0 && waiter_ != nullptr) waiter_->resume_soon();
}

void Gathering::note_failure(const TaskFrame& task)
{
  if (!task.failed() || failed_ != nullptr) return;
  for (SpawnedTask* const one : tasks_)
    if (&one->frame() == &task) failed_ = one;
  cancel_all();
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
