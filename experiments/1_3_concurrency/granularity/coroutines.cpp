// coroutines: plain numbers and no guard. A coroutine gives the core away where it says co_await,
// and nowhere else; so whatever lies between two co_awaits is one step for all the others.
#include "base/units.hpp"
#include "models.hpp"
#include "os/affinity.hpp"
#include "tasks/coroutine.hpp"
#include "update.hpp"

namespace two_cakes {
namespace {

struct Numbers {
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::int64_t broken_sums = 0;
};

Task<> count(Numbers& numbers, std::int64_t updates)
{
  for (std::int64_t done = 1; done <= updates; ++done) {
    numbers.first = computed(numbers.first, 1);
    if (done % kUpdatesInATurn == 0) co_await next_turn();
  }
}

Task<> move(Numbers& numbers, std::int64_t updates)
{
  for (std::int64_t done = 1; done <= updates; ++done) {
    numbers.first = computed(numbers.first, 1);
    numbers.second = computed(numbers.second, -1);
    if (numbers.first + numbers.second != 0) ++numbers.broken_sums;
    if (done % kUpdatesInATurn == 0) co_await next_turn();
  }
}

Outcome update_in_coroutines(const Work& work, Task<> (*update)(Numbers&, std::int64_t))
{
  const ScopedPin here({work.cores.front()});
  EventLoop loop;
  Numbers numbers;
  for (int i = 0; i < kWorkers; ++i) loop.spawn(update(numbers, work.updates / kWorkers));
  const auto begin = Clock::now();
  loop.run();
  const auto end = Clock::now();
  return {numbers.first, numbers.second, numbers.broken_sums, to_seconds(end - begin)};
}

}  // namespace

Outcome count_coroutines(const Work& work) { return update_in_coroutines(work, count); }
Outcome move_coroutines(const Work& work) { return update_in_coroutines(work, move); }

}  // namespace two_cakes
