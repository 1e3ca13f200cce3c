// shared_ptr: what a C++ program uses. A copy takes a reference, its end drops it; the count is
// atomic.
#include <array>
#include <memory>

#include "count_pairs.hpp"

namespace two_cakes {
namespace {

class SharedPtr {
 public:
  class View {
   public:
    View(SharedPtr& object, bool) : original_(object.original_) {}
    void take() { copies_[held_++] = original_; }
    void drop() { copies_[--held_].reset(); }

   private:
    const std::shared_ptr<int>& original_;
    std::array<std::shared_ptr<int>, kHeld> copies_;
    std::size_t held_ = 0;
  };

  [[nodiscard]] std::int64_t final_count() const { return original_.use_count(); }

 private:
  std::shared_ptr<int> original_ = std::make_shared<int>(42);
};

}  // namespace

Counted run_shared_ptr(const Work& work) { return count_pairs<SharedPtr>(work); }

}  // namespace two_cakes
