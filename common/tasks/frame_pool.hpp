// Memory for what lives briefly and comes again in the same size: coroutine frames, callbacks.
#pragma once

#include <cstddef>
#include <new>

namespace two_cakes {

/// Free lists, one for each size and thread: allocating and releasing is a handful of instructions
/// and no lock. A block has no header, so a frame costs what it holds, rounded up to 8 bytes. Above
/// two lines of the cache it is rounded up to whole lines, so that it is in as few as can be.
/// A block may be released on another thread than it came from: it then serves that one. Nothing is
/// given back to the system, but everything is used again, also after its thread has ended.
///
/// Sanitized builds take every block from operator new, so that a use after its end is seen.
class FramePool {
 public:
  /// A block of at least `bytes`, aligned for whatever has that size: to 16 bytes where that is a
  /// multiple of 16, else to 8; above 128 bytes to 64. Throws std::bad_alloc.
  static void* allocate(std::size_t bytes)
  {
    if (bytes > kLargest) return ::operator new(bytes);
    Block*& first = lists_.first[index_of(bytes)];
    if (first == nullptr) return refill(bytes);
    Block* const block = first;
    first = block->next;
    return block;
  }

  /// Gives back what allocate(bytes) returned.
  static void release(void* memory, std::size_t bytes) noexcept
  {
    if (bytes > kLargest) return ::operator delete(memory);
    Block*& first = lists_.first[index_of(bytes)];
    if (first == nullptr) [[unlikely]]
      leave_to_others();
    first = new (memory) Block{first};
  }

 private:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static constexpr std::size_t kLargest = 0;
#else
  static constexpr std::size_t kLargest = 1024;
#endif
  static constexpr std::size_t kStep = 8;
  static constexpr std::size_t kLine = 64;
  static constexpr std::size_t kPiece = 64 * 1024;  // cut into blocks of one size
  static constexpr std::size_t kSizes = 1024 / kStep + 1;

  struct Block {
    Block* next;
  };
  struct Lists {
    Block* first[kSizes];
  };
  class Stock;

  static constexpr std::size_t index_of(std::size_t bytes) { return (bytes + kStep - 1) / kStep; }
  /// From one block of that size to the next.
  static constexpr std::size_t step_of(std::size_t bytes)
  {
    const std::size_t unit = bytes > 2 * kLine ? kLine : kStep;
    return (bytes + unit - 1) / unit * unit;
  }
  static void* refill(std::size_t bytes);
  /// Sees to it that what this thread has is others' when it ends.
  static void leave_to_others() noexcept;

  static thread_local constinit Lists lists_;
};

inline thread_local constinit FramePool::Lists FramePool::lists_{};

}  // namespace two_cakes
