#include "tasks/frame_pool.hpp"

#include <mutex>
#include <new>

namespace two_cakes {

// What threads left behind when they ended. The next thread that runs out of blocks takes it all.
class FramePool::Heirs {
 public:
  static bool inherit()
  {
    static thread_local const Testament testament;
    const std::lock_guard lock(mutex_);
    bool any = false;
    for (std::size_t i = 0; i < kSizes; ++i) {
      any = any || left_.first[i] != nullptr;
      splice(lists_.first[i], left_.first[i]);
    }
    return any;
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

  static constinit std::mutex mutex_;
  static constinit Lists left_;
};

constinit std::mutex FramePool::Heirs::mutex_;
constinit FramePool::Lists FramePool::Heirs::left_{};

void* FramePool::refill(std::size_t bytes)
{
  constexpr std::size_t kChunk = 64 * 1024;
  if (Heirs::inherit() && lists_.first[index_of(bytes)] != nullptr) return allocate(bytes);
  const std::size_t step = index_of(bytes) * kStep;
  char* const chunk = static_cast<char*>(::operator new(kChunk));
  // In ascending order: neighbours in time are neighbours in memory.
  for (std::size_t end = kChunk / step * step; end > step; end -= step)
    release(chunk + end - step, bytes);
  return chunk;
}

}  // namespace two_cakes
