// plain: `++count` as the machine does it, a read, an addition and a write. Two threads that read
// the same number write the same number: one of the two references is lost, and some day the object
// is freed under somebody's hands.
//
// An int that two threads write would be undefined behaviour, of which nothing could be measured.
// Relaxed loads and stores of an atomic compile to the same instructions, and losing is then all
// that can happen.
#include <atomic>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

class Plain {
 public:
  class View {
   public:
    View(Plain& object, bool) : count_(object.count_) {}
    void take()
    {
      count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    void drop()
    {
      count_.store(count_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    }

   private:
    std::atomic<std::int64_t>& count_;
  };

  [[nodiscard]] std::int64_t final_count() const { return count_; }

 private:
  std::atomic<std::int64_t> count_{1};
};

}  // namespace

Counted run_plain(const Work& work) { return count_pairs<Plain>(work); }

}  // namespace two_cakes
