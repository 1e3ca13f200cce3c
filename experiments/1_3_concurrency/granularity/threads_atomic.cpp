// threads_atomic: read, compute, and write only if nobody has written meanwhile; else begin again.
// Nobody ever waits, and nothing is lost; what was computed in vain is the price. Both numbers must
// fit into one word of the machine.
#include <atomic>

#include "models.hpp"
#include "two_threads.hpp"
#include "update.hpp"

namespace two_cakes {
namespace {

class Counter {
 public:
  bool update()
  {
    std::int64_t seen = number_.load(std::memory_order_relaxed);
    while (!number_.compare_exchange_weak(seen, computed(seen, 1))) {
    }
    return true;
  }
  [[nodiscard]] std::int64_t first() const { return number_; }
  [[nodiscard]] std::int64_t second() const { return 0; }

 private:
  std::atomic<std::int64_t> number_{0};
};

struct Both {
  std::int32_t first = 0;
  std::int32_t second = 0;
};
static_assert(std::atomic<Both>::is_always_lock_free);

Both moved(Both seen)
{
  return {static_cast<std::int32_t>(computed(seen.first, 1)),
          static_cast<std::int32_t>(computed(seen.second, -1))};
}

class Pair {
 public:
  bool update()
  {
    Both seen = both_.load(std::memory_order_relaxed);
    while (!both_.compare_exchange_weak(seen, moved(seen))) {
    }
    seen = both_.load(std::memory_order_relaxed);
    return seen.first + seen.second == 0;
  }
  [[nodiscard]] std::int64_t first() const { return both_.load().first; }
  [[nodiscard]] std::int64_t second() const { return both_.load().second; }

 private:
  std::atomic<Both> both_{Both{}};
};

}  // namespace

Outcome count_threads_atomic(const Work& work) { return update_in_threads<Counter>(work); }
Outcome move_threads_atomic(const Work& work) { return update_in_threads<Pair>(work); }

}  // namespace two_cakes
