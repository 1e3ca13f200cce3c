// one_mutex: a plain count, and one lock around it. So CPython keeps its counts right: with one
// lock for all of them.
#include <mutex>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

class OneMutex {
 public:
  class View {
   public:
    View(OneMutex& object, bool) : object_(object) {}
    void take() { object_.add(1); }
    void drop() { object_.add(-1); }

   private:
    OneMutex& object_;
  };

  [[nodiscard]] std::int64_t final_count() const { return count_; }

 private:
  void add(std::int64_t difference)
  {
    const std::lock_guard guard(mutex_);
    count_ += difference;
  }

  std::mutex mutex_;
  std::int64_t count_ = 1;
};

}  // namespace

Counted run_one_mutex(const Work& work) { return count_pairs<OneMutex>(work); }

}  // namespace two_cakes
