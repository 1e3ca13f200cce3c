// biased: most objects are used by the thread that made them. The owner counts in a plain number of
// its own, the others in an atomic one; the true count is the sum. So does CPython without its lock
// (PEP 703), after Choi, Shull and Torrellas, "Biased Reference Counting" (PACT 2018).
#include <atomic>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

class Biased {
 public:
  class View {
   public:
    View(Biased& object, bool is_owner) : object_(object)
    {
      if (is_owner) object_.owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    }
    void take() { add(1); }
    void drop() { add(-1); }

   private:
    void add(std::int64_t difference)
    {
      // Each time the object is asked whose it is, as an interpreter must: it can't know
      // beforehand.
      if (object_.owner_.load(std::memory_order_relaxed) == me_)
        object_.owners_count_ += difference;
      else object_.others_count_.fetch_add(difference, std::memory_order_acq_rel);
    }

    Biased& object_;
    const std::thread::id me_ = std::this_thread::get_id();
  };

  [[nodiscard]] std::int64_t final_count() const { return owners_count_ + others_count_; }

 private:
  std::atomic<std::thread::id> owner_;
  std::int64_t owners_count_ = 1;  // the owner's alone; others read it once it has ended
  alignas(64) std::atomic<std::int64_t> others_count_{0};
};

}  // namespace

Counted run_biased(const Work& work) { return count_pairs<Biased>(work); }

}  // namespace two_cakes
