#include "limits_of_tasks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "os/files.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

std::uint64_t kernel_setting(const std::string& path)
{
  const std::string text = read_file_or_empty("/proc/sys/" + path);
  std::uint64_t value = kNoLimit;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TaskLimit lowest(std::vector<TaskLimit> limits)
{
  TaskLimit found = *std::ranges::min_element(limits, {}, &TaskLimit::tasks);
  found.tasks -= found.tasks / 10;  // others want to live, too
  return found;
}

std::vector<TaskLimit> limits_of_both()
{
  const std::uint64_t processes = processes_limit();
  const std::uint64_t threads_max = kernel_setting("kernel/threads-max");
  const std::uint64_t pid_max = kernel_setting("kernel/pid_max");
  return {{processes,
           fmt::format("RLIMIT_NPROC or pids.max is {} (`ulimit -u` raises the first)", processes)},
          {threads_max, fmt::format("kernel.threads-max is {}", threads_max)},
          {pid_max, fmt::format("kernel.pid_max is {}, and every thread takes a number", pid_max)}};
}

}  // namespace

TaskLimit threads_limit()
{
  std::vector<TaskLimit> limits = limits_of_both();
  const std::uint64_t mappings = kernel_setting("vm/max_map_count");
  limits.push_back({mappings / 2, fmt::format("vm.max_map_count is {}, and every thread takes two, "
                                              "for its stack and the page that guards it",
                                              mappings)});
  return lowest(std::move(limits));
}

TaskLimit processes_limit_here() { return lowest(limits_of_both()); }

TaskLimit no_limit() { return {kNoLimit, "none"}; }

}  // namespace two_cakes
