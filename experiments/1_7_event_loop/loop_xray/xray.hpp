// The loop's observer: turns each step of each task into a stretch of its lane.
#pragma once

#include <atomic>
#include <map>

#include "arrivals.hpp"
#include "harness/timeline.hpp"
#include "tasks/loop_observer.hpp"

namespace two_cakes {

/// A lane for each task. A loop that is busy doesn't learn that an answer has come; so a second
/// pair of eyes, on a thread of its own, looks out for those: from then on the task is ready.
/// Belongs to the loop's thread. `timeline` must outlive it, and it the loop.
class Xray final : public LoopObserver {
 public:
  explicit Xray(Timeline& timeline) : timeline_(timeline) {}

  /// The task that runs begins with `what`, a literal: what its lane says from here on.
  void begins(const char* what);
  /// The task that runs will wait until `fd` can be read.
  void expects_answer(int fd);
  /// How often a task was gone on with.
  [[nodiscard]] int resumes() const { return resumes_; }

  void created(const TaskFrame& task, std::string_view name, Clock::time_point when) override;
  void ready(const TaskFrame& task, Clock::time_point when) override;
  void resumed(const TaskFrame& task, Clock::time_point when) override;
  void waits(const TaskFrame& task, std::string_view what, Clock::time_point when) override;
  void finished(const TaskFrame& task, bool failed, Clock::time_point when) override;

 private:
  struct Traced {
    Lane* lane = nullptr;
    TaskState state = TaskState::kReady;
    Clock::time_point since;
    const char* does = "";
    const char* waits_for = "";
    Arrival arrival;
  };
  static void change(Traced& traced, TaskState state, Clock::time_point when);

  Timeline& timeline_;
  std::map<const TaskFrame*, Traced> tasks_;
  Traced* running_ = nullptr;
  int resumes_ = 0;
  Arrivals arrivals_;  // last: its thread ends before what it writes to
};

}  // namespace two_cakes
