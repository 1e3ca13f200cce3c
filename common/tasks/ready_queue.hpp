// What runs in the next turn: first in, first out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "tasks/frame_pool.hpp"

namespace two_cakes {

/// A ring of actions, two words each: what to do, and with what. A callable of one word (a lambda
/// that captures one reference) lies in the ring itself; a bigger one in a block of the frame pool.
class ReadyQueue {
 public:
  enum class Verb { kRun, kDrop };
  /// Does it, or releases what it holds without doing it.
  using Action = void (*)(void* what, Verb verb);
  /// Names an entry for as long as it is in the queue; the numbers come again after 2^30.
  using Position = std::uint32_t;
  static constexpr Position kPositions = 1u << 30;

  ReadyQueue() = default;
  ReadyQueue(const ReadyQueue&) = delete;
  ReadyQueue& operator=(const ReadyQueue&) = delete;
  ~ReadyQueue()
  {
    while (!empty()) take().drop();
  }

  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] std::size_t size() const { return tail_ - head_; }

  Position push(Action action, void* what)
  {
    if (size() == capacity_) grow();
    entries_[tail_ & (capacity_ - 1)] = {action, what};
    return static_cast<Position>(tail_++ % kPositions);
  }

  template <class Function>
  void push(Function function)
  {
    if constexpr (sizeof(Function) <= sizeof(void*) && std::is_trivially_copyable_v<Function>) {
      void* word = nullptr;
      std::memcpy(&word, &function, sizeof function);
      push(&run_word<Function>, word);
    } else {
      static_assert(alignof(Function) <= alignof(std::max_align_t));
      void* const block = FramePool::allocate(sizeof(Function));
      push(&run_block<Function>, new (block) Function(std::move(function)));
    }
  }

  struct Entry {
    Action action;
    void* what;
    void run() const { action(what, Verb::kRun); }
    void drop() const { action(what, Verb::kDrop); }
  };
  Entry take() { return entries_[head_++ & (capacity_ - 1)]; }

  /// Empties the entry at `position`, which is still in the queue: it stays, and does nothing.
  void forget(Position position)
  {
    const auto head = static_cast<Position>(head_ % kPositions);
    const std::uint64_t index = head_ + (position - head + kPositions) % kPositions;
    entries_[index & (capacity_ - 1)].action = [](void*, Verb) {};
  }

  /// Gives back what a burst has made it grow to. Only while it is empty.
  void shrink()
  {
    if (capacity_ <= kUsual) return;
    capacity_ = 0;
    entries_.reset();
  }

 private:
  static constexpr std::size_t kUsual = 4096;

  template <class Function>
  static void run_word(void* what, Verb verb)
  {
    if (verb == Verb::kDrop) return;
    alignas(Function) std::byte storage[sizeof what];
    std::memcpy(storage, &what, sizeof what);
    (*std::launder(reinterpret_cast<Function*>(storage)))();
  }

  template <class Function>
  static void run_block(void* what, Verb verb)
  {
    struct Release {
      Function* function;
      ~Release()
      {
        function->~Function();
        FramePool::release(function, sizeof(Function));
      }
    } const release{static_cast<Function*>(what)};
    if (verb == Verb::kRun) (*release.function)();
  }

  void grow();

  std::unique_ptr<Entry[]> entries_;
  std::size_t capacity_ = 0;  // a power of two, or nothing yet
  std::uint64_t head_ = 0;    // these two only ever grow
  std::uint64_t tail_ = 0;
};

inline void ReadyQueue::grow()
{
  const std::size_t capacity = capacity_ == 0 ? 64 : 2 * capacity_;
  auto entries = std::unique_ptr<Entry[]>(new Entry[capacity]);
  for (std::uint64_t i = head_; i != tail_; ++i)
    entries[i & (capacity - 1)] = entries_[i & (capacity_ - 1)];
  entries_ = std::move(entries);
  capacity_ = capacity;
}

}  // namespace two_cakes
