// threads_mutex: whoever holds the lock is alone with the numbers, from the reading to the last
// writing. The scheduler still switches anywhere; the other one then can't get in, and gives the
// core back.
#include <mutex>

#include "models.hpp"
#include "two_threads.hpp"
#include "update.hpp"

namespace two_cakes {
namespace {

class Counter {
 public:
  bool update()
  {
    const std::lock_guard guard(mutex_);
    number_ = computed(number_, 1);
    return true;
  }
  [[nodiscard]] std::int64_t first() const { return number_; }
  [[nodiscard]] std::int64_t second() const { return 0; }

 private:
  std::mutex mutex_;
  std::int64_t number_ = 0;
};

class Pair {
 public:
  bool update()
  {
    const std::lock_guard guard(mutex_);
    first_ = computed(first_, 1);
    second_ = computed(second_, -1);
    return first_ + second_ == 0;
  }
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t second() const { return second_; }

 private:
  std::mutex mutex_;
  std::int64_t first_ = 0;
  std::int64_t second_ = 0;
};

}  // namespace

Outcome count_threads_mutex(const Work& work) { return update_in_threads<Counter>(work); }
Outcome move_threads_mutex(const Work& work) { return update_in_threads<Pair>(work); }

}  // namespace two_cakes
