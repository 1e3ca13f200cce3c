#include "long_task.hpp"

#include <algorithm>

#include "work/fibonacci.hpp"

namespace two_cakes {

Ending LongTask::run() const
{
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < fibs; ++i) sum += fib(kFib);
  return {.sum = sum, .finished = Clock::now()};
}

std::uint64_t LongTask::known_sum() const { return fibs * known_fib(kFib); }

bool Meanwhile::do_a_piece()
{
  if (static_cast<int>(done_.size()) == pieces_) return false;
  sum_ += fib(kFib);
  done_.push_back(Clock::now());
  return true;
}

void Meanwhile::do_all()
{
  while (do_a_piece()) {
  }
}

int Meanwhile::done_before(Clock::time_point when) const
{
  return static_cast<int>(
      std::count_if(done_.begin(), done_.end(), [when](auto done) { return done < when; }));
}

bool Meanwhile::right() const
{
  return static_cast<int>(done_.size()) == pieces_ &&
         sum_ == static_cast<std::uint64_t>(pieces_) * known_fib(kFib);
}

}  // namespace two_cakes
