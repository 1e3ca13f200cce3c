#include "computation.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "os/usage.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

constexpr int kFib = 18;  // some microseconds: as long as nobody looks at the clock

}  // namespace

Computed compute_for(std::chrono::milliseconds length)
{
  Computed computed{.began = Clock::now()};
  const auto before = cpu_time_of_thread();
  while (computed.cpu < length) {
    computed.sum += fib(kFib);
    ++computed.numbers;
    computed.cpu = cpu_time_of_thread() - before;
  }
  computed.ended = Clock::now();
  return computed;
}

void check_computed(const Computed& computed, std::chrono::milliseconds length)
{
  if (computed.sum != computed.numbers * known_fib(kFib))
    throw WrongAnswer(
        fmt::format("the sum of {} Fibonacci numbers is {}", computed.numbers, computed.sum));
  if (computed.cpu < length)
    throw WrongAnswer(fmt::format("it computed for {} ns instead of {} ms", computed.cpu.count(),
                                  length.count()));
}

}  // namespace two_cakes
