// threads_two_atomics: each number is kept right, and still the sum isn't: two atomic steps are not
// one. Whoever looks between them sees a unit that is in both numbers, or in none.
#include <atomic>

#include "models.hpp"
#include "two_threads.hpp"
#include "update.hpp"

namespace two_cakes {
namespace {

void add(std::atomic<std::int64_t>& number, std::int64_t change)
{
  std::int64_t seen = number.load(std::memory_order_relaxed);
  while (!number.compare_exchange_weak(seen, computed(seen, change))) {
  }
}

class Pair {
 public:
  bool update()
  {
    add(first_, 1);
    add(second_, -1);
    return first_.load() + second_.load() == 0;
  }
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t second() const { return second_; }

 private:
  std::atomic<std::int64_t> first_{0};
  std::atomic<std::int64_t> second_{0};
};

}  // namespace

Outcome move_two_atomics(const Work& work) { return update_in_threads<Pair>(work); }

}  // namespace two_cakes
