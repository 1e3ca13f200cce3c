#include "work/primes.hpp"

namespace two_cakes {
namespace {

bool is_prime(std::uint64_t number)
{
  if (number < 2) return false;
  for (std::uint64_t divisor = 2; divisor * divisor <= number; ++divisor)
    if (number % divisor == 0) return false;
  return true;
}

}  // namespace

[[gnu::noipa]] std::uint64_t count_primes(std::uint64_t limit)
{
  std::uint64_t count = 0;
  for (std::uint64_t number = 2; number <= limit; ++number) count += is_prime(number);
  return count;
}

}  // namespace two_cakes
