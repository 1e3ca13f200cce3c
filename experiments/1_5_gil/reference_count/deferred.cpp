// deferred: each thread notes its own difference, and settles it with the shared count at a safe
// point. In between the count is not true, so nothing may be freed before all have settled. CPython
// without its lock does so for functions, modules and the like, which every thread uses and which
// hardly ever die (PEP 703); the idea is Deutsch and Bobrow's (CACM, 1976).
#include <atomic>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

constexpr int kPairsBetweenSafePoints = 1'000;

class Deferred {
 public:
  class alignas(64) View {
   public:
    View(Deferred& object, bool) : count_(object.count_) {}
    ~View() { settle(); }
    void take() { difference_ = difference_ + 1; }
    void drop()
    {
      difference_ = difference_ - 1;
      if (++pairs_ == kPairsBetweenSafePoints) settle();
    }

   private:
    void settle()
    {
      count_.fetch_add(difference_, std::memory_order_acq_rel);
      difference_ = 0;
      pairs_ = 0;
    }

    std::atomic<std::int64_t>& count_;
    // volatile: kept in memory, as an interpreter's would be.
    volatile std::int64_t difference_ = 0;
    int pairs_ = 0;
  };

  [[nodiscard]] std::int64_t final_count() const { return count_; }

 private:
  std::atomic<std::int64_t> count_{1};
};

}  // namespace

Counted run_deferred(const Work& work) { return count_pairs<Deferred>(work); }

}  // namespace two_cakes
