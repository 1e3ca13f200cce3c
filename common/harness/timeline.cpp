#include "harness/timeline.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "os/affinity.hpp"

namespace two_cakes {
namespace {

using Microseconds = std::chrono::duration<double, std::micro>;

/// As JSON: in quotes, with what would end the text or the line escaped.
std::string quoted(std::string_view text)
{
  std::string json = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') json += '\\';
    if (static_cast<unsigned char>(letter) < 0x20)
      json += fmt::format("\\u{:04x}", static_cast<int>(letter));
    else json += letter;
  }
  return json + '"';
}

std::string name_event(std::string_view kind, std::size_t process, std::size_t thread,
                       std::string_view name)
{
  return fmt::format(R"({{"ph":"M","name":{},"pid":{},"tid":{},"args":{{"name":{}}}}})",
                     quoted(kind), process, thread, quoted(name));
}

void write_all_of(const std::string& path, std::string_view text)
{
  const UniqueFd file(check_syscall(
      "open", ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), path));
  while (!text.empty()) {
    const ssize_t count =
        check_syscall("write", ::write(file.get(), text.data(), text.size()), path);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

std::string_view to_string(TaskState state)
{
  switch (state) {
    case TaskState::kRunning:
      return "running";
    case TaskState::kReady:
      return "ready";
    case TaskState::kWaiting:
      break;
  }
  return "waiting";
}

void Timeline::begin_series(const std::string& series)
{
  {
    const std::lock_guard lock(mutex_);
    series_ = series;
  }
  begin_iteration();
}

void Timeline::begin_iteration()
{
  const std::lock_guard lock(mutex_);
  lanes_.erase(series_);
}

bool Timeline::empty() const
{
  return std::ranges::all_of(lanes_, [](const auto& series) {
    return std::ranges::all_of(series.second,
                               [](const Lane& lane) { return lane.slices_.empty(); });
  });
}

Lane& Timeline::lane(std::string name, std::size_t reserved)
{
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[series_].emplace_back();
  lane.name_ = std::move(name);
  lane.slices_.reserve(reserved);
  return lane;
}

std::string Timeline::to_chrome_trace(std::string_view experiment) const
{
  std::vector<std::string> events;
  std::size_t process = 0;
  for (const auto& [series, lanes] : lanes_) {
    events.push_back(name_event("process_name", ++process, 0, series));
    auto start = Clock::time_point::max();
    for (const Lane& lane : lanes)
      for (const auto& slice : lane.slices_) start = std::min(start, slice.begin);
    std::size_t thread = 0;
    for (const Lane& lane : lanes) {
      events.push_back(name_event("thread_name", process, ++thread, lane.name_));
      for (const auto& slice : lane.slices_)
        events.push_back(fmt::format(
            R"({{"ph":"X","name":{},"cat":{},"pid":{},"tid":{},"ts":{:.3f},"dur":{:.3f},"args":{{"core":{}}}}})",
            quoted(*slice.what ? slice.what : to_string(slice.state)),
            quoted(to_string(slice.state)), process, thread,
            Microseconds(slice.begin - start).count(),
            Microseconds(slice.end - slice.begin).count(), slice.core));
    }
  }
  return fmt::format(
      "{{\"displayTimeUnit\":\"ms\",\"otherData\":{{\"experiment\":{}}},"
      "\"traceEvents\":[\n{}\n]}}\n",
      quoted(experiment), fmt::join(events, ",\n"));
}

void Timeline::write(const std::string& path, std::string_view experiment) const
{
  // A device or a pipe is written to, and of a link what it leads to is replaced.
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown))
    return write_all_of(path, to_chrome_trace(experiment));
  std::string whole = std::filesystem::weakly_canonical(path, unknown);
  if (unknown) whole = path;
  const std::string part = fmt::format("{}.{}.tmp", whole, ::getpid());
  try {
    write_all_of(part, to_chrome_trace(experiment));
    check_syscall("rename", ::rename(part.c_str(), whole.c_str()), path);
  } catch (const SyscallError&) {
    ::unlink(part.c_str());
    throw;
  }
}

Computing::Computing(Lane& lane, Clock::time_point wanted, const char* what)
    : lane_(lane),
      what_(what),
      begin_(Clock::now()),
      seen_(begin_),
      core_(current_core())
{
  lane_.add(TaskState::kReady, wanted, begin_, -1, what_);
}

Computing::~Computing() { lane_.add(TaskState::kRunning, begin_, seen_, core_, what_); }

Clock::time_point Computing::look(Clock::duration longest_step)
{
  const auto now = Clock::now();
  const int core = current_core();
  const bool absent = now - seen_ > longest_step;
  if (absent || core != core_) {
    lane_.add(TaskState::kRunning, begin_, seen_, core_, what_);
    if (absent) lane_.add(TaskState::kReady, seen_, now, -1, what_);
    begin_ = absent ? now : seen_;
    core_ = core;
  }
  return seen_ = now;
}

}  // namespace two_cakes
