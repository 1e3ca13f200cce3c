#include "tasks/frame_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>

namespace two_cakes {

// Where blocks come from: pieces of memory that was never used, and what threads left behind when
// they ended. The next thread that runs out of blocks takes all of that.
class FramePool::Stock {
 public:
  static void leave_to_others() noexcept { static thread_local const Testament testament; }

  static bool inherit()
  {
    const std::lock_guard lock(mutex_);
    bool any = false;
    for (std::size_t i = 0; i < kSizes; ++i) {
      any = any || left_.first[i] != nullptr;
      splice(lists_.first[i], left_.first[i]);
    }
    return any;
  }

  /// kPiece bytes.
  static char* new_piece()
  {
    const std::lock_guard lock(mutex_);
    if (left_bytes_ == 0) take_region();
    left_bytes_ -= kPiece;
    taken_bytes_ += kPiece;
    return region_ + left_bytes_;
  }

 private:
  struct Testament {
    ~Testament()
    {
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 0; i < kSizes; ++i) splice(left_.first[i], lists_.first[i]);
    }
  };

  static void splice(Block*& to, Block*& from)
  {
    if (from == nullptr) return;
    Block* last = from;
    while (last->next != nullptr) last = last->next;
    last->next = to;
    to = from;
    from = nullptr;
  }

  // An eighth of what is in use, so that little is idle. From the size of a huge page on it is one,
  // where the kernel grants it: one page fault for all of it, instead of 512.
  static void take_region()
  {
    const std::size_t bytes = std::clamp(taken_bytes_ / 8 / kPiece * kPiece, kPiece, kHugePage);
    const bool huge = bytes == kHugePage;
    const auto alignment = std::align_val_t(huge ? kHugePage : kLine);
    region_ = static_cast<char*>(::operator new(bytes, alignment));
#ifdef MADV_HUGEPAGE
    if (huge) ::madvise(region_, bytes, MADV_HUGEPAGE);
#endif
    left_bytes_ = bytes;
  }

  static constexpr std::size_t kHugePage = 2 * 1024 * 1024;
  static constinit std::mutex mutex_;
  static constinit Lists left_;
  static inline char* region_ = nullptr;
  static inline std::size_t left_bytes_ = 0;
  static inline std::size_t taken_bytes_ = 0;
};

constinit std::mutex FramePool::Stock::mutex_;
constinit FramePool::Lists FramePool::Stock::left_{};

void FramePool::leave_to_others() noexcept { Stock::leave_to_others(); }

void* FramePool::refill(std::size_t bytes)
{
  if (Stock::inherit() && lists_.first[index_of(bytes)] != nullptr) return allocate(bytes);
  const std::size_t step = step_of(bytes);
  char* const piece = Stock::new_piece();
  // In ascending order: neighbours in time are neighbours in memory.
  for (std::size_t end = kPiece / step * step; end > step; end -= step)
    release(piece + end - step, bytes);
  return piece;
}

}  // namespace two_cakes
