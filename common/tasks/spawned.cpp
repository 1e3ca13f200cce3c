#include "tasks/spawned.hpp"

#include "tasks/scheduler.hpp"

namespace two_cakes {

SpawnedTask::~SpawnedTask()
{
  if (task_ != nullptr) loop_->let_go(*task_, observed_);
}

void SpawnedTask::cancel() { loop_->cancel(*task_); }

void SpawnedTask::destroy()
{
  loop_->destroy(*task_);
  task_ = nullptr;
}

}  // namespace two_cakes
