// preempted: threads that never wait, on one core. None of them asks the kernel for anything, and
// yet none keeps the core: the clock interrupts, and the scheduler lets another one. Seen from
// outside, that is a jump of the clock between two looks at it, with somebody else's name on the
// board.
#include <atomic>
#include <string>

#include "os/affinity.hpp"
#include "spinners.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {
namespace {

struct Board {
  std::atomic<int> name{-1};  // of whoever had the core last
  Clock::time_point end;
};

/// A jump of the clock that only another program can have caused, which doesn't write on the board.
constexpr std::chrono::milliseconds kFarJump{1};

Stretches spin(int me, Board& board, Lane& lane)
{
  Stretches stretches;
  const int core = current_core();
  auto begin = Clock::now();
  auto seen = begin;
  board.name.store(me, std::memory_order_relaxed);
  while (seen < board.end) {
    const auto now = Clock::now();
    if (board.name.load(std::memory_order_relaxed) != me || now - seen > kFarJump) {
      lane.add(TaskState::kRunning, begin, seen, core);
      lane.add(TaskState::kReady, seen, now);
      stretches.push_back(to_seconds(seen - begin));
      begin = now;
      board.name.store(me, std::memory_order_relaxed);
    }
    seen = now;
  }
  lane.add(TaskState::kRunning, begin, seen, core);
  return stretches;
}

}  // namespace

Stretches spin_preempted(const Spin& wanted, Timeline& timeline)
{
  Board board;
  board.end = Clock::now() + wanted.time;
  std::vector<Stretches> found(wanted.spinners);
  std::vector<std::jthread> threads;
  for (int i = 0; i < wanted.spinners; ++i) {
    Lane& lane = timeline.lane("thread " + std::to_string(i + 1));
    threads.push_back(start_thread([&, i, core = wanted.core] {
      pin_this_thread({core});
      found[i] = spin(i, board, lane);
    }));
  }
  threads.clear();  // joins them
  Stretches all;
  for (const Stretches& each : found) all.insert(all.end(), each.begin(), each.end());
  return all;
}

}  // namespace two_cakes
