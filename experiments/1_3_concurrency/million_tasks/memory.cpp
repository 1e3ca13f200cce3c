#include "memory.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include "os/files.hpp"

namespace two_cakes {
namespace {

/// The number behind `label` in a text of lines such as "VmRSS:      1234 kB", in bytes.
std::size_t bytes_behind(std::string_view text, std::string_view label)
{
  const auto line = text.find(label);
  if (line == std::string_view::npos) return 0;
  const auto digits = text.find_first_of("0123456789", line + label.size());
  std::size_t kibibytes = 0;
  if (digits != std::string_view::npos)
    std::from_chars(text.data() + digits, text.data() + text.size(), kibibytes);
  return kibibytes * 1024;
}

std::size_t page_tables_bytes(const std::string& process)
{
  return bytes_behind(read_file_or_empty("/proc/" + process + "/status"), "VmPTE:");
}

}  // namespace

std::size_t own_memory_bytes()
{
  return bytes_behind(read_file_or_empty("/proc/self/status"), "VmRSS:") +
         page_tables_bytes("self");
}

std::size_t share_of_process_bytes(pid_t pid)
{
  const std::string process = std::to_string(pid);
  return bytes_behind(read_file_or_empty("/proc/" + process + "/smaps_rollup"), "Pss:") +
         page_tables_bytes(process);
}

std::size_t kernel_stacks_bytes()
{
  return bytes_behind(read_file_or_empty("/proc/meminfo"), "KernelStack:");
}

}  // namespace two_cakes
