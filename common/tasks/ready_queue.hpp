// What runs in the next turn: first in, first out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "tasks/frame_pool.hpp"

namespace two_cakes {

/// A chain of pages of actions, two words each: what to do, and with what. A page is given back as
/// soon as all on it have run, so that a burst costs its own memory once, and not for long. A
/// callable of one word (a lambda that captures one reference) lies in the queue itself; a bigger
/// one in a block of the frame pool.
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
    if (tail_ % kOnPage == 0) add_page();
    back_[tail_ % kOnPage] = {action, what};
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
  Entry take()
  {
    const Entry entry = front_[head_ % kOnPage];
    if (++head_ % kOnPage == 0) drop_page();
    return entry;
  }

  /// Empties the entry at `position`, which is still in the queue: it stays, and does nothing.
  void forget(Position position)
  {
    const auto head = static_cast<Position>(head_ % kPositions);
    const std::uint64_t index = head_ + (position - head + kPositions) % kPositions;
    pages_[index / kOnPage - head_ / kOnPage][index % kOnPage].action = [](void*, Verb) {};
  }

 private:
  static constexpr std::size_t kOnPage = 256;
  using Page = std::unique_ptr<Entry[]>;

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

  void add_page();
  void drop_page();

  std::deque<Page> pages_;  // from the one with the head to the one with the tail
  Page spare_;
  Entry* front_ = nullptr;
  Entry* back_ = nullptr;
  std::uint64_t head_ = 0;  // these two only ever grow
  std::uint64_t tail_ = 0;
};

inline void ReadyQueue::add_page()
{
  pages_.push_back(spare_ ? std::move(spare_) : Page(new Entry[kOnPage]));
  back_ = pages_.back().get();
  front_ = pages_.front().get();
}

inline void ReadyQueue::drop_page()
{
  spare_ = std::move(pages_.front());
  pages_.pop_front();
  if (!pages_.empty()) front_ = pages_.front().get();
}

}  // namespace two_cakes
