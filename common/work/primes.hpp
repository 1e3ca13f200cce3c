// CPU kernel: counting primes by trial division.
#pragma once

#include <cstdint>

namespace two_cakes {

/// How many primes are at most `limit`. By trial division on purpose: pure computing, no memory.
/// Known answers: 168 up to 1,000; 1,229 up to 10,000; 9,592 up to 100,000; 78,498 up to 1,000,000.
std::uint64_t count_primes(std::uint64_t limit);

}  // namespace two_cakes
