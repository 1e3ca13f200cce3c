// What is due when: deadlines in nanoseconds, the earliest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/units.hpp"

namespace two_cakes {

/// What can be due. Its owner derives from it, and keeps it alive and in place while it waits.
struct TimerNode {
  std::uint32_t position : 30 = 0;  // where its entry is: the queue's to know
  std::uint32_t in_heap : 1 = 0;
  std::uint32_t is_callback : 1 = 0;  // else a coroutine that sleeps: the loop's to know
};

/// A sorted run beside a heap. A deadline that isn't before the last one, as those of equal delays
/// are, is appended to the run: O(1) to add, to remove and to take. Any other goes to the heap:
/// O(log n). 16 bytes for each timer of the run, 24 in the heap. Equal deadlines come out in the
/// order in which they were added.
///
/// After the observation behind timing wheels (Varghese and Lauck, 1987): most timers of a program
/// have one of a few delays, and most are cancelled.
class TimerQueue {
 public:
  static constexpr std::uint32_t kPositions = 1u << 30;

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void add(TimerNode& node, Clock::time_point when);

  /// Takes out a node that waits.
  void remove(TimerNode& node);

  /// The earliest deadline; Clock::time_point::max() where there is none.
  [[nodiscard]] Clock::time_point earliest() const;

  /// Takes out the earliest node where it is due at `now`, else nothing.
  TimerNode* take_due(Clock::time_point now);

  /// How much memory its entries take, used or not.
  [[nodiscard]] std::size_t entries() const { return run_.size() + heap_.size(); }

 private:
  struct InRun {
    Clock::time_point when;
    TimerNode* node;  // nothing: removed
  };
  struct InHeap {
    Clock::time_point when;
    std::uint64_t number;
    TimerNode* node;
    bool before(const InHeap& other) const
    {
      return when != other.when ? when < other.when : number < other.number;
    }
  };

  [[nodiscard]] bool run_comes_first() const
  {
    return heap_.empty() || (!run_.empty() && run_.front().when <= heap_.front().when);
  }
  void drop_removed();
  void close_gaps();
  void take_from_heap(std::size_t index);
  void rise(std::size_t index, InHeap entry);
  void sink(std::size_t index, InHeap entry);
  void put(std::size_t index, InHeap entry);

  std::deque<InRun> run_;  // its front is never a removed one
  std::vector<InHeap> heap_;
  std::size_t size_ = 0;
  std::uint32_t run_begins_ = 0;  // the position of the run's front
  // The last deadline that was appended, also when it is gone: so that of two equal ones the later
  // can't be in the run while the earlier is in the heap.
  Clock::time_point run_accepts_ = Clock::time_point::min();
  std::uint64_t number_ = 0;
};

}  // namespace two_cakes
