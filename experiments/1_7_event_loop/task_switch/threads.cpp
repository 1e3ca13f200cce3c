// threads: a task is a thread, with a stack of its own. Whoever waits sleeps in the kernel, which
// switches to the next.
#include <future>
#include <memory>

#include "ring.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

Outcome switch_threads(const Plan& plan)
{
  const auto ring = std::make_unique<Ring>();
  std::promise<bool> all_here;  // false: not all could be had
  const std::shared_future<bool> begins = all_here.get_future();
  std::vector<std::jthread> threads;  // last: they use all of the above until they are joined
  try {
    for (int i = 0; i < plan.tasks; ++i)
      threads.push_back(start_thread([&, i] {
        if (begins.get()) ring->play(plan, i);
      }));
  } catch (...) {
    all_here.set_value(false);
    throw;
  }
  all_here.set_value(true);
  ring->start();
  threads.clear();  // joins them
  return ring->outcome(plan.tasks);
}

Outcome create_threads(int tasks)
{
  Outcome outcome{.turns = std::vector<long>(tasks), .begin = Clock::now()};
  std::vector<std::jthread> threads;
  for (int i = 0; i < tasks; ++i)
    threads.push_back(start_thread([&outcome, i] { ++outcome.turns[i]; }));
  threads.clear();  // joins them
  outcome.end = Clock::now();
  return outcome;
}

}  // namespace two_cakes
