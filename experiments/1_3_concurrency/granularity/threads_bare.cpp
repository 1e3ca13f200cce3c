// threads_bare: read, compute, write. Between the two anything may come: the other core, or, on one
// core, the scheduler. Who goes on with what he has read before then writes over all that the other
// one has done meanwhile.
//
// A plain number that two threads write would be undefined behaviour, of which nothing could be
// measured. Relaxed loads and stores of an atomic compile to the same instructions, and losing is
// then all that can happen.
#include <atomic>

#include "models.hpp"
#include "two_threads.hpp"
#include "update.hpp"

namespace two_cakes {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

void add(std::atomic<std::int64_t>& number, std::int64_t change)
{
  number.store(computed(number.load(kRelaxed), change), kRelaxed);
}

class Counter {
 public:
  bool update()
  {
    add(number_, 1);
    return true;
  }
  [[nodiscard]] std::int64_t first() const { return number_; }
  [[nodiscard]] std::int64_t second() const { return 0; }

 private:
  std::atomic<std::int64_t> number_{0};
};

class Pair {
 public:
  bool update()
  {
    add(first_, 1);
    add(second_, -1);
    return first_.load(kRelaxed) + second_.load(kRelaxed) == 0;
  }
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t second() const { return second_; }

 private:
  std::atomic<std::int64_t> first_{0};
  std::atomic<std::int64_t> second_{0};
};

}  // namespace

Outcome count_threads_bare(const Work& work) { return update_in_threads<Counter>(work); }
Outcome move_threads_bare(const Work& work) { return update_in_threads<Pair>(work); }

}  // namespace two_cakes
