// threads: each task has a thread, with a stack of its own, and another one in the kernel. The
// kernel wakes each of them.
#include <atomic>
#include <thread>
#include <vector>

#include "memory.hpp"
#include "sleepers.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

Slept sleep_in_threads(const Nap& nap)
{
  const std::size_t before = own_memory_bytes() + kernel_stacks_bytes();
  const auto begin = Clock::now();
  std::atomic<long> slept{0};
  std::vector<std::jthread> threads;
  threads.reserve(nap.tasks);
  for (int i = 0; i < nap.tasks; ++i)
    threads.push_back(start_thread([&] {
      std::this_thread::sleep_for(nap.time);
      ++slept;
    }));
  const std::size_t bytes = own_memory_bytes() + kernel_stacks_bytes() - before;
  const long asleep = nap.tasks - slept;
  threads.clear();  // joins them
  return {slept, to_seconds(Clock::now() - begin), bytes, asleep};
}

}  // namespace two_cakes
