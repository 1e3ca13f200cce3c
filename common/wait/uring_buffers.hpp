// The buffers that io_uring receives into: lent by the kernel's own choice, and given back.
#pragma once

#ifdef TWO_CAKES_HAS_LIBURING

#include <liburing.h>

#include <cstdint>
#include <span>

#include "wait/completion.hpp"

namespace two_cakes {

/// A ring of provided buffers. io_uring_register_buf_ring(3) wants memory that is aligned to a
/// page; liburing 2.3 has no call that gets it. Outlives the io_uring that it is registered with.
///
/// The kernel uses them in turn, so that all that it has go through a core's cache: it gets few at
/// first, and more when they have run out.
class UringBuffers {
 public:
  /// Throws UsageError where the number isn't a power of two from 1 to 32,768, or the size 0.
  explicit UringBuffers(const LentBuffers& lent);
  UringBuffers(const UringBuffers&) = delete;
  UringBuffers& operator=(const UringBuffers&) = delete;
  ~UringBuffers();

  /// Makes them group 0 of `ring`, and lends it the first. Throws Skipped where the kernel knows no
  /// such rings (before Linux 5.19).
  void register_with(io_uring& ring);

  /// How many the kernel has to fill.
  [[nodiscard]] unsigned free() const { return free_; }
  /// Lends twice as many, up to their number.
  void lend_more();
  /// The kernel has filled one.
  void lent_out() { --free_; }

  [[nodiscard]] std::span<const char> bytes(std::uint16_t number, std::size_t size) const
  {
    return {memory_ + std::size_t{number} * lent_.bytes, size};
  }

  void give_back(std::uint16_t number)
  {
    add(number, 0);
    io_uring_buf_ring_advance(entries_, 1);
    ++free_;
  }

 private:
  static constexpr unsigned kAtFirst = 32;

  [[nodiscard]] std::size_t entries_bytes() const { return lent_.count * sizeof(io_uring_buf); }
  [[nodiscard]] std::size_t memory_bytes() const { return std::size_t{lent_.count} * lent_.bytes; }
  void lend(unsigned count);
  void add(std::uint16_t number, int place)
  {
    io_uring_buf_ring_add(entries_, memory_ + std::size_t{number} * lent_.bytes, lent_.bytes,
                          number, io_uring_buf_ring_mask(lent_.count), place);
  }

  LentBuffers lent_;
  io_uring_buf_ring* entries_ = nullptr;
  char* memory_ = nullptr;
  unsigned known_ = 0;  // to the kernel: the first so many
  unsigned free_ = 0;
};

}  // namespace two_cakes

#endif
