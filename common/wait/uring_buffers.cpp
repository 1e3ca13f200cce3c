#include "wait/uring_buffers.hpp"

#ifdef TWO_CAKES_HAS_LIBURING

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

// Whole pages, zeroed, and used up only as they are touched.
void* map_memory(std::size_t bytes)
{
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw_syscall_error("mmap", fmt::format("{} bytes of buffers", bytes));
  return memory;
}

}  // namespace

UringBuffers::UringBuffers(const LentBuffers& lent) : lent_(lent)
{
  if (!std::has_single_bit(lent.count) || lent.count > 32'768 || lent.bytes == 0)
    throw UsageError(fmt::format(
        "{} buffers of {} bytes; give a power of two, at most 32768, and at least 1 byte",
        lent.count, lent.bytes));
  entries_ = static_cast<io_uring_buf_ring*>(map_memory(entries_bytes()));
  try {
    memory_ = static_cast<char*>(map_memory(memory_bytes()));
  } catch (...) {
    ::munmap(entries_, entries_bytes());
    throw;
  }
}

UringBuffers::~UringBuffers()
{
  ::munmap(memory_, memory_bytes());
  ::munmap(entries_, entries_bytes());
}

void UringBuffers::register_with(io_uring& ring)
{
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(entries_);
  registration.ring_entries = lent_.count;
  const int result = io_uring_register_buf_ring(&ring, &registration, 0);
  if (result == -EINVAL)
    throw Skipped("io_uring: this kernel has no rings of provided buffers; Linux 5.19 has");
  if (result < 0) throw SyscallError(-result, "io_uring_register_buf_ring");
  lend(std::min(lent_.count, kAtFirst));
}

void UringBuffers::lend_more() { lend(std::min(lent_.count - known_, known_)); }

void UringBuffers::lend(unsigned count)
{
  for (unsigned i = 0; i < count; ++i)
    add(static_cast<std::uint16_t>(known_ + i), static_cast<int>(i));
  io_uring_buf_ring_advance(entries_, static_cast<int>(count));
  known_ += count;
  free_ += count;
}

}  // namespace two_cakes

#endif
