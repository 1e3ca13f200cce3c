#include "long_task.hpp"

#include <algorithm>

#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

constexpr int kFib = 18;  // some 10 us

}  // namespace

double seconds_for_fib()
{
  constexpr int kBatch = 100;
  double fastest_s = 1e9;
  for (int i = 0; i < 8; ++i) {
    const auto start = Clock::now();
    for (int k = 0; k < kBatch; ++k) fib(kFib);
    fastest_s = std::min(fastest_s, to_seconds(Clock::now() - start));
  }
  return fastest_s / kBatch;
}

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
