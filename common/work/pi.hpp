// CPU kernel: the digits of pi.
#pragma once

#include <cstddef>
#include <string>

namespace two_cakes {

/// The first `count` decimal digits of pi, without the point: pi_digits(5) is "31415". O(count
/// squared). Source: the spigot of S. Rabinowitz and S. Wagon, American Mathematical Monthly 102
/// (1995), 195-203. Known answer: the first 1,001 digits end in "2164201989".
std::string pi_digits(std::size_t count);

}  // namespace two_cakes
