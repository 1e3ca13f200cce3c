#include "xray.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "os/affinity.hpp"

namespace two_cakes {
namespace {

/// The same text, for as long as the program runs: lanes keep no copy.
const char* kept(std::string_view text)
{
  static std::set<std::string, std::less<>> texts;
  const auto found = texts.find(text);
  return (found != texts.end() ? found : texts.emplace(text).first)->c_str();
}

}  // namespace

void Xray::change(Traced& traced, TaskState state, Clock::time_point when)
{
  const bool ran = traced.state == TaskState::kRunning;
  const char* const what = ran                                   ? traced.does
                           : traced.state == TaskState::kWaiting ? traced.waits_for
                                                                 : "";
  traced.lane->add(traced.state, traced.since, when, ran ? current_core() : -1, what);
  traced.state = state;
  traced.since = when;
}

void Xray::begins(const char* what)
{
  change(*running_, TaskState::kRunning, Clock::now());
  running_->does = what;
}

void Xray::expects_answer(int fd) { arrivals_.expect(fd, running_->arrival); }

void Xray::created(const TaskFrame& task, std::string_view name, Clock::time_point when)
{
  Traced& traced = tasks_[&task];
  traced.lane = &timeline_.lane(std::string(name));
  traced.since = when;
}

void Xray::ready(const TaskFrame& task, Clock::time_point when)
{
  change(tasks_.at(&task), TaskState::kReady, when);
}

void Xray::resumed(const TaskFrame& task, Clock::time_point when)
{
  Traced& traced = tasks_.at(&task);
  if (const auto arrived = traced.arrival.take(); traced.state == TaskState::kWaiting && arrived)
    change(traced, TaskState::kReady, std::clamp(*arrived, traced.since, when));
  change(traced, TaskState::kRunning, when);
  running_ = &traced;
  ++resumes_;
}

void Xray::waits(const TaskFrame& task, std::string_view what, Clock::time_point when)
{
  Traced& traced = tasks_.at(&task);
  change(traced, TaskState::kWaiting, when);
  traced.waits_for = kept(what);
}

void Xray::finished(const TaskFrame& task, bool, Clock::time_point when)
{
  change(tasks_.at(&task), TaskState::kWaiting, when);
}

}  // namespace two_cakes
