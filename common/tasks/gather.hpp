// co_await gather(...): several tasks side by side, and all of their results.
#pragma once

#include <coroutine>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "tasks/event_loop.hpp"

namespace two_cakes {

/// Waits for the end of several tasks, which end with it: where one fails the others are cancelled,
/// and where it is destroyed they are.
class Gathering final : public Waiting, public Joiner {
 public:
  Gathering() = default;
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;
  ~Gathering();

  /// `task` must stay where it is until this is destroyed.
  void add(SpawnedTask& task);

  bool await_ready() const noexcept { return left_ == 0; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> caller)
  {
    waiter_ = &caller.promise();
    if (waiter_->take_cancel()) cancel_all();
    waiter_->waits_until(*this);
  }
  /// The one that failed first; nothing where none did.
  SpawnedTask* await_resume()
  {
    if (waiter_ != nullptr) waiter_->take_interruption();  // the tasks say how they ended
    return failed_;
  }

  void finished(TaskFrame& task) override;
  void cancel(TaskFrame&) override { cancel_all(); }
  [[nodiscard]] std::string describe() const override;

 private:
  void cancel_all();
  void note_failure(const TaskFrame& task);

  std::vector<SpawnedTask*> tasks_;
  std::size_t left_ = 0;
  SpawnedTask* failed_ = nullptr;
  TaskFrame* waiter_ = nullptr;
};

/// Spawns all `tasks` and waits for their end: their results, in the order of the tasks. Where one
/// throws, the others are cancelled, and when all have ended its exception is thrown. (asyncio's
/// gather lets the others go on; that of its TaskGroup is the safer way, since here they may use
/// what is in the caller's frame.) Cancelling who waits cancels all.
template <class Result>
Task<std::vector<Result>> gather(std::vector<Task<Result>> tasks)
{
  std::vector<Spawned<Result>> children;
  children.reserve(tasks.size());
  Gathering all;  // goes before the children do
  for (Task<Result>& task : tasks) children.push_back(EventLoop::running().spawn(std::move(task)));
  for (Spawned<Result>& child : children) all.add(child);
  if (SpawnedTask* const failed = co_await all) static_cast<Spawned<Result>*>(failed)->result();
  std::vector<Result> results;
  results.reserve(children.size());
  for (Spawned<Result>& child : children) results.push_back(child.result());
  co_return results;
}

/// The same for tasks without results.
Task<> gather(std::vector<Task<>> tasks);

/// What a result is in a tuple: void is std::monostate.
template <class Result>
using Gathered = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;

template <class Result>
Gathered<Result> gathered(Spawned<Result>& child)
{
  if constexpr (std::is_void_v<Result>) return child.result(), std::monostate{};
  else return child.result();
}

template <class... Results>
Task<std::tuple<Gathered<Results>...>> gather_tuple(std::tuple<Spawned<Results>...> children)
{
  Gathering all;
  std::apply([&all](auto&... child) { (all.add(child), ...); }, children);
  SpawnedTask* const failed = co_await all;
  const auto rethrow = [failed](auto& child) {
    if (static_cast<SpawnedTask*>(&child) == failed) child.result();
  };
  std::apply([&rethrow](auto&... child) { (rethrow(child), ...); }, children);
  co_return std::apply(
      [](auto&... child) { return std::tuple<Gathered<Results>...>(gathered(child)...); },
      children);
}

/// The same for tasks of different kinds, which are spawned at once:
///   auto [page, size] = co_await gather(fetch(), measure());
template <class... Results>
Task<std::tuple<Gathered<Results>...>> gather(Task<Results>... tasks)
{
  return gather_tuple<Results...>(
      std::tuple<Spawned<Results>...>{EventLoop::running().spawn(std::move(tasks))...});
}

}  // namespace two_cakes
