#include "region.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/errors.hpp"

namespace two_cakes {

Region::Region(Sharing sharing, std::size_t pages)
    : pages_(pages),
      page_bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)))
{
  const int flags = MAP_ANONYMOUS | (sharing == Sharing::kShared ? MAP_SHARED : MAP_PRIVATE);
  void* memory = ::mmap(nullptr, pages_ * page_bytes_, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory == MAP_FAILED)
    throw Skipped(fmt::format("mmap of {} pages: {}", pages_, std::strerror(errno)));
  bytes_ = static_cast<volatile char*>(memory);
  ::madvise(memory, pages_ * page_bytes_, MADV_NOHUGEPAGE);  // or 512 pages would count as one
  fill(kBefore);
}

Region::~Region() { ::munmap(const_cast<char*>(bytes_), pages_ * page_bytes_); }

void Region::fill(char value)
{
  for (std::size_t page = 0; page < pages_; ++page) byte_of(page) = value;
}

std::size_t Region::count(char value)
{
  std::size_t found = 0;
  for (std::size_t page = 0; page < pages_; ++page)
    if (byte_of(page) == value) ++found;
  return found;
}

}  // namespace two_cakes
