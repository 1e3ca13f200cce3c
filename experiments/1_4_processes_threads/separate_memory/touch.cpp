#include "touch.hpp"

#include <unistd.h>

#include <charconv>
#include <string>

#include "base/units.hpp"
#include "os/files.hpp"
#include "os/usage.hpp"

namespace two_cakes {
namespace {

/// Pages that this process alone has and has written; -1 where the kernel doesn't say. proc(5)
std::int64_t own_pages()
{
#ifdef __SANITIZE_THREAD__
  return -1;  // ThreadSanitizer notes each access in memory of its own, which grows too
#endif
  const std::string text = read_file_or_empty("/proc/self/smaps_rollup");
  const auto line = text.find("Private_Dirty:");
  if (line == std::string::npos) return -1;
  const auto digits = text.find_first_of("0123456789", line);
  std::int64_t kibibytes = 0;
  std::from_chars(text.data() + digits, text.data() + text.size(), kibibytes);
  return kibibytes * 1024 / ::sysconf(_SC_PAGESIZE);
}

}  // namespace

Touched touch(Region& region, Touch how)
{
  Touched touched;
  const std::int64_t own_before = own_pages();
  const long faults_before = usage_of_thread().minor_faults;
  const auto start = Clock::now();
  for (std::size_t page = 0; page < region.pages(); ++page) {
    volatile char& byte = region.byte_of(page);
    if (how == Touch::kWrites) byte = Region::kWritten;
    else if (byte == Region::kBefore) ++touched.right_pages;
  }
  touched.took_ns = (Clock::now() - start) / std::chrono::nanoseconds(1);
  touched.page_faults = usage_of_thread().minor_faults - faults_before;
  touched.copied_pages = own_before == -1 ? -1 : own_pages() - own_before;
  if (how == Touch::kWrites)
    touched.right_pages = static_cast<std::int64_t>(region.count(Region::kWritten));
  return touched;
}

}  // namespace two_cakes
