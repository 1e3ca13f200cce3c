#include "os/limits.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>

#include "os/files.hpp"

namespace two_cakes {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

std::uint64_t soft_limit(__rlimit_resource_t resource)
{
  rlimit limit{};
  if (::getrlimit(resource, &limit) == -1 || limit.rlim_cur == RLIM_INFINITY) return kNoLimit;
  return limit.rlim_cur;
}

std::uint64_t control_group_pids_limit()
{
  const std::string text = read_file_or_empty("/sys/fs/cgroup/pids.max");
  std::uint64_t limit = kNoLimit;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return limit;
}

}  // namespace

std::uint64_t open_files_limit() { return soft_limit(RLIMIT_NOFILE); }

std::uint64_t raise_open_files_limit()
{
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return open_files_limit();
}

std::uint64_t processes_limit()
{
  return std::min(soft_limit(RLIMIT_NPROC), control_group_pids_limit());
}

std::string limit_behind(int error_number)
{
  switch (error_number) {
    case EMFILE:
      return fmt::format("(RLIMIT_NOFILE is {}; `ulimit -n` raises it, or give a smaller number)",
                         open_files_limit());
    case ENFILE:
      return "(fs.file-max, the whole system's limit on open files, is reached)";
    case EAGAIN:
      return fmt::format(
          "(RLIMIT_NPROC or pids.max, for threads and processes together, is {}; `ulimit -u` "
          "raises it, or give a smaller number)",
          processes_limit() == kNoLimit ? "not known" : fmt::to_string(processes_limit()));
    case ENOMEM:
      return "(memory ran out; give a smaller number)";
    default:
      return {};
  }
}

}  // namespace two_cakes
