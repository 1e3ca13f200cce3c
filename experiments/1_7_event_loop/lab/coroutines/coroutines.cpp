// Coroutines over a loop: what needs no template.
#include "coroutines.hpp"

#include <cstdio>

// BEGIN SOLUTION
void Job::begin(std::coroutine_handle<> where)
{
  where_ = where;
  wake();
}

bool Job::stand_still(std::coroutine_handle<> where, Wait& wait)
{
  if (cancelled_) return false;
  where_ = where;
  wait_ = &wait;
  wait.begin();
  return true;
}

void Job::wake()
{
  wait_ = nullptr;
  // Weak: until then the scheduler may be gone, and this task with it.
  scheduler.loop().call_soon([weak = weak_from_this()] {
    if (const auto job = weak.lock()) job->go_on();
  });
}

void Job::go_on()
{
  if (!where_) return;  // destroyed meanwhile
  if (cancelled_ && !began_) return end();
  began_ = true;
  std::exchange(where_, nullptr).resume();
}

bool Job::cancel()
{
  if (done) return false;
  cancelled_ = true;
  if (wait_ != nullptr) {
    wait_->give_up();
    wake();
  }
  return true;
}

void Job::throw_if_cancelled()
{
  if (std::exchange(cancelled_, false)) throw Cancelled();
}

void Job::end() noexcept
{
  const auto self = shared_from_this();  // the scheduler may be the only one to hold it
  take_outcome();
  done = true;
  scheduler.let_go(self);
  for (Job* waiter : std::exchange(waiters, {})) waiter->wake();
}

void Job::destroy() noexcept
{
  where_ = nullptr;
  wait_ = nullptr;
  take_outcome();
}

void Scheduler::report(const std::exception_ptr& exception) noexcept
{
  try {
    std::rethrow_exception(exception);
  } catch (const Cancelled&) {  // was asked for
    return;
  } catch (const std::exception& error) {
    if (!handler_)
      std::fprintf(stderr, "a task's exception was taken by nobody: %s\n", error.what());
  } catch (...) {
    if (!handler_) std::fprintf(stderr, "a task's exception was taken by nobody\n");
  }
  if (handler_) handler_(exception);
}

/// Tasks that run beside each other, and end together.
class Siblings {
 public:
  explicit Siblings(Scheduler& scheduler) : scheduler_(scheduler) {}

  void spawn(Task<> task) { spawned_.push_back(scheduler_.spawn(guard(std::move(task)))); }

  /// Waits for all of them, however they end.
  Task<> end()
  {
    for (std::size_t next = 0; next < spawned_.size();) {
      try {
        co_await spawned_[next].ended();
        ++next;
      } catch (const Cancelled&) {  // it is we who were cancelled: pass it on
        if (!failure_) failure_ = std::current_exception();
        cancel();
      }
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  Task<> guard(Task<> task)
  {
    try {
      co_await task;
    } catch (...) {
      if (failure_) co_return;  // the others know, and may be cleaning up
      failure_ = std::current_exception();
      cancel();
    }
  }
  void cancel()
  {
    for (const auto& each : spawned_) each.cancel();
  }

  Scheduler& scheduler_;
  std::vector<Spawned<>> spawned_;
  std::exception_ptr failure_;
};

// END SOLUTION
Scheduler::~Scheduler()
{
  // BEGIN SOLUTION
  for (const auto& job : std::exchange(jobs_, {})) job->destroy();
  // END SOLUTION
}

std::size_t Scheduler::unfinished() const
{
  // BEGIN SOLUTION
  // STUB: return 0;
  return jobs_.size();
  // END SOLUTION
}

Task<> gather(std::vector<Task<>> tasks)
{
  // BEGIN SOLUTION
  // STUB: (void)tasks;
  // STUB: co_return;
  Siblings siblings(co_await ThisScheduler());
  for (auto& task : tasks) siblings.spawn(std::move(task));
  co_await siblings.end();
  // END SOLUTION
}
