// processes: each task is a copy of this process. It shares the pages that neither writes to, and
// has page tables, a stack in the kernel and all its other records of its own.
#include <algorithm>
#include <thread>
#include <vector>

#include "memory.hpp"
#include "os/child.hpp"
#include "sleepers.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kSample = 50;  // processes that are looked at; to look at all takes too long

/// The bytes of one that still sleeps, on the average; 0 where none does.
std::size_t bytes_of_one(const std::vector<Child>& children)
{
  const std::size_t looked_at = std::min(kSample, children.size());
  std::size_t bytes = 0;
  std::size_t asleep = 0;
  for (std::size_t i = 0; i < looked_at; ++i) {
    // The last ones: they have begun last.
    const std::size_t own = share_of_process_bytes(children[children.size() - 1 - i].pid());
    bytes += own;
    asleep += own > 0 ? 1 : 0;
  }
  return asleep == 0 ? 0 : bytes / asleep;
}

}  // namespace

Slept sleep_in_processes(const Nap& nap)
{
  const std::size_t stacks_before = kernel_stacks_bytes();
  const auto begin = Clock::now();
  std::vector<Child> children;
  for (int i = 0; i < nap.tasks; ++i)
    children.push_back(Child::fork([&] {
      std::this_thread::sleep_for(nap.time);
      return 0;
    }));
  // A child that has ended, and isn't waited for yet, still has its stack in the kernel.
  const std::size_t stacks = kernel_stacks_bytes() - stacks_before;
  const std::size_t bytes = bytes_of_one(children) * children.size() + stacks;
  long slept = 0;
  for (Child& child : children) slept += child.wait().good() ? 1 : 0;
  return {slept, to_seconds(Clock::now() - begin), bytes, nap.tasks};
}

}  // namespace two_cakes
