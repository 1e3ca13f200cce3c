#include "ballast.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "os/files.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kUnknown = ~std::size_t{0};

/// The number after `label` in the file, or kUnknown.
std::size_t number_in(const std::string& path, std::string_view label)
{
  const std::string text = read_file_or_empty(path);
  const auto found = text.find(label);
  if (found == std::string::npos) return kUnknown;
  const auto start = text.find_first_not_of(' ', found + label.size());
  std::size_t number = kUnknown;
  if (start != std::string::npos)
    std::from_chars(text.data() + start, text.data() + text.size(), number);
  return number;
}

/// What can be taken now without pushing anything out: of the machine, and of the control group.
std::size_t available_bytes()
{
  const std::size_t machine_kib = number_in("/proc/meminfo", "MemAvailable:");
  const std::size_t machine = machine_kib == kUnknown ? kUnknown : machine_kib * kKibibyte;
  const std::size_t limit = number_in("/sys/fs/cgroup/memory.max", "");
  const std::size_t used = number_in("/sys/fs/cgroup/memory.current", "");
  if (limit == kUnknown || used == kUnknown) return machine;
  return std::min(machine, limit - std::min(limit, used));
}

}  // namespace

void Ballast::resize(std::size_t bytes)
{
  if (bytes == bytes_) return;
  drop();
  // Half as much again: the parent isn't alone on the machine.
  if (const std::size_t there = available_bytes(); there < bytes + bytes / 2)
    throw Skipped(fmt::format("a parent of {} MiB wants {} MiB of free memory, and {} MiB are free",
                              bytes / kMebibyte, (bytes + bytes / 2) / kMebibyte,
                              there / kMebibyte));
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  void* memory = ::mmap(nullptr, bytes, kProtection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw Skipped(fmt::format("mmap of {} MiB: {} (`ulimit -v` raises the limit)",
                              bytes / kMebibyte, std::strerror(errno)));
  memory_ = static_cast<char*>(memory);
  bytes_ = bytes;
  ::madvise(memory_, bytes_, huge_pages_ ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  const std::size_t page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < bytes_; i += page_bytes) memory_[i] = 1;
}

void Ballast::drop()
{
  if (memory_ != nullptr) ::munmap(memory_, bytes_);
  memory_ = nullptr;
  bytes_ = 0;
}

}  // namespace two_cakes
