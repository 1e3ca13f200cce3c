#include "harness/machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "os/affinity.hpp"
#include "os/files.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

std::string first_value_in_cpuinfo(const std::string& key)
{
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) return line.substr(std::min(line.find(": ") + 2, line.size()));
  return {};
}

bool is_virtual()
{
  return first_value_in_cpuinfo("flags").find(" hypervisor") != std::string::npos;
}

std::string kernel_version()
{
  utsname name{};
  ::uname(&name);
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

std::string governor()
{
  const std::string name =
      read_file_or_empty("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return name.empty() ? "not visible" : name;
}

std::string limit_text(std::uint64_t limit)
{
  return limit == ~0ull ? "none" : fmt::format("{}", limit);
}

double load_average()
{
  double loads[1] = {0};
  return ::getloadavg(loads, 1) == 1 ? loads[0] : 0;
}

std::string doubts()
{
  std::vector<std::string> found;
  if (std::string_view(TWO_CAKES_FLAVOUR) != "release")
    found.emplace_back("built as " TWO_CAKES_FLAVOUR ": no timing of it counts");
  if (usable_cores() == 1) found.emplace_back("one core: nothing can run in parallel");
  if (load_average() > 0.5 * usable_cores())
    found.push_back(fmt::format("load {:.1f} at the start", load_average()));
  if (cpu_quota_cores() > 0)
    found.push_back(fmt::format("a CPU quota of {:.1f} cores", cpu_quota_cores()));
  if (is_virtual()) found.emplace_back("a virtual machine: neighbours may be noisy");
  return fmt::format("{}", fmt::join(found, "; "));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_machine()
{
  const auto memory =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGE_SIZE);
  return {{"build_type", TWO_CAKES_FLAVOUR},
          {"compiler", TWO_CAKES_COMPILER},
          {"compiler_flags", TWO_CAKES_FLAGS},
          {"kernel", kernel_version()},
          {"cpu_model", first_value_in_cpuinfo("model name")},
          {"cores", fmt::format("{}", usable_cores())},
          {"virtualization", is_virtual() ? "virtual machine" : "none seen"},
          {"governor", governor()},
          {"memory_bytes", fmt::format("{}", memory)},
          {"open_files_limit", limit_text(open_files_limit())},
          {"processes_limit", limit_text(processes_limit())},
          {"cpu_quota", cpu_quota_cores() > 0 ? fmt::format("{:.2f}", cpu_quota_cores()) : "none"},
          {"load_at_start", fmt::format("{:.2f}", load_average())},
          {"doubts", doubts()}};
}

}  // namespace two_cakes
