#include "work/pi.hpp"

#include <cstdint>
#include <vector>

namespace two_cakes {
namespace {

/// One turn of the spigot: multiplies the mixed-radix number by ten and lets the next digit spill
/// out.
std::uint64_t next_digit(std::vector<std::uint64_t>& remainders)
{
  std::uint64_t carry = 0;
  for (std::size_t i = remainders.size() - 1; i > 0; --i) {
    const std::uint64_t value = remainders[i] * 10 + carry;
    remainders[i] = value % (2 * i + 1);
    carry = value / (2 * i + 1) * i;
  }
  const std::uint64_t value = remainders[0] * 10 + carry;
  remainders[0] = value % 10;
  return value / 10;
}

/// A spilled 10 means that the digits before it were one too small: 1 9 9 10 becomes 2 0 0 0.
void append_with_carry(std::string& digits, std::uint64_t digit)
{
  if (digit == 10) {
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0) ++digits[i - 1];
    digit = 0;
  }
  digits.push_back(static_cast<char>('0' + digit));
}

}  // namespace

[[gnu::noipa]] std::string pi_digits(std::size_t count)
{
  if (count == 0) return {};
  constexpr std::size_t kGuardDigits = 10;  // a carry from beyond the end must not be missed
  std::vector<std::uint64_t> remainders((count + kGuardDigits) * 10 / 3 + 2, 2);
  std::string digits;
  digits.reserve(count + kGuardDigits);
  for (std::size_t i = 0; i < count + kGuardDigits; ++i)
    append_with_carry(digits, next_digit(remainders));
  digits.resize(count);
  return digits;
}

}  // namespace two_cakes
