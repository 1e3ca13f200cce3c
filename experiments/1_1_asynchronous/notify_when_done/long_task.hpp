// The long task, and what its starter does meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.hpp"

namespace two_cakes {

/// Which Fibonacci number both compute, again and again: a microsecond or two each.
inline constexpr int kFib = 18;

/// What came of the long task. Trivially copyable: a child leaves it in shared memory.
struct Ending {
  std::uint64_t sum = 0;
  Clock::time_point finished;  // the task's last act
};

/// A computation of `fibs` Fibonacci numbers.
struct LongTask {
  std::uint64_t fibs = 0;

  /// Does it; blocks for all its length. Any thread, any process.
  [[nodiscard]] Ending run() const;
  [[nodiscard]] std::uint64_t known_sum() const;
};

/// The starter's own work: pieces of the same kind, each noted with the time when it was done.
class Meanwhile {
 public:
  explicit Meanwhile(int pieces) : pieces_(pieces) {}

  /// Does one piece. False where none is left: then nothing is done.
  bool do_a_piece();
  void do_all();

  /// How many pieces were done before `when`.
  [[nodiscard]] int done_before(Clock::time_point when) const;
  /// Whether all pieces were done, each with the right sum.
  [[nodiscard]] bool right() const;

 private:
  int pieces_;
  std::uint64_t sum_ = 0;
  std::vector<Clock::time_point> done_;
};

}  // namespace two_cakes
