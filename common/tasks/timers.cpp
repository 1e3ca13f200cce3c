#include "tasks/timers.hpp"

namespace two_cakes {

void TimerQueue::add(TimerNode& node, Clock::time_point when)
{
  if (++size_ == 1) run_accepts_ = Clock::time_point::min();
  if (when < run_accepts_) {
    node.in_heap = 1;
    heap_.emplace_back();
    return rise(heap_.size() - 1, {when, number_++, &node});
  }
  run_accepts_ = when;
  node.in_heap = 0;
  node.position = (run_begins_ + run_.size()) % kPositions;
  run_.push_back({when, &node});
}

void TimerQueue::remove(TimerNode& node)
{
  --size_;
  if (node.in_heap == 1) return take_from_heap(node.position);
  run_[(node.position - run_begins_) % kPositions].node = nullptr;
  drop_removed();
  // Cancelled timeouts must not pile up until their time has come.
  const std::size_t waiting = size_ - heap_.size();
  if (run_.size() > 64 && run_.size() > 2 * waiting) close_gaps();
}

Clock::time_point TimerQueue::earliest() const
{
  if (empty()) return Clock::time_point::max();
  return run_comes_first() ? run_.front().when : heap_.front().when;
}

TimerNode* TimerQueue::take_due(Clock::time_point now)
{
  if (empty() || now < earliest()) return nullptr;
  --size_;
  TimerNode* node = nullptr;
  if (run_comes_first()) {
    node = run_.front().node;
    run_.front().node = nullptr;
    drop_removed();
  } else {
    node = heap_.front().node;
    take_from_heap(0);
  }
  return node;
}

void TimerQueue::drop_removed()
{
  while (!run_.empty() && run_.front().node == nullptr) {
    run_.pop_front();
    run_begins_ = (run_begins_ + 1) % kPositions;
  }
}

void TimerQueue::close_gaps()
{
  std::size_t kept = 0;
  for (const InRun& entry : run_) {
    if (entry.node == nullptr) continue;
    entry.node->position = (run_begins_ + kept) % kPositions;
    run_[kept++] = entry;
  }
  run_.resize(kept);
  run_.shrink_to_fit();
}

void TimerQueue::take_from_heap(std::size_t index)
{
  const InHeap last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  if (index > 0 && last.before(heap_[(index - 1) / 2])) rise(index, last);
  else sink(index, last);
}

void TimerQueue::rise(std::size_t index, InHeap entry)
{
  for (; index > 0; index = (index - 1) / 2) {
    const InHeap& parent = heap_[(index - 1) / 2];
    if (!entry.before(parent)) break;
    put(index, parent);
  }
  put(index, entry);
}

void TimerQueue::sink(std::size_t index, InHeap entry)
{
  for (;;) {
    std::size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child])) ++child;
    if (!heap_[child].before(entry)) break;
    put(index, heap_[child]);
    index = child;
  }
  put(index, entry);
}

void TimerQueue::put(std::size_t index, InHeap entry)
{
  entry.node->position = static_cast<std::uint32_t>(index) % kPositions;
  heap_[index] = entry;
}

}  // namespace two_cakes
