// atomic: the addition is one step that no other core can get into. Right without a lock, but the
// cores fight for the cache line: the more of them, the slower each. Every object would pay that,
// also those that only one thread ever sees.
#include <atomic>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

class Atomic {
 public:
  class View {
   public:
    View(Atomic& object, bool) : count_(object.count_) {}
    void take() { count_.fetch_add(1, std::memory_order_relaxed); }
    // Whoever drops the last reference must see what the others did to the object before they
    // dropped theirs.
    void drop() { count_.fetch_sub(1, std::memory_order_acq_rel); }

   private:
    std::atomic<std::int64_t>& count_;
  };

  [[nodiscard]] std::int64_t final_count() const { return count_; }

 private:
  std::atomic<std::int64_t> count_{1};
};

}  // namespace

Counted run_atomic(const Work& work) { return count_pairs<Atomic>(work); }

}  // namespace two_cakes
