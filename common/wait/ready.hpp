// What a descriptor can be ready for.
#pragma once

#include <cstdint>

namespace two_cakes {

/// What to watch a descriptor for, and what it is ready for; a bit set.
enum class Ready : std::uint8_t {
  kNothing = 0,
  kRead = 1,   // reading would not block: bytes, a connection, or the end of the stream
  kWrite = 2,  // writing would not block
  kBoth = 3,
};

constexpr Ready operator|(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) | static_cast<int>(right));
}
constexpr Ready operator&(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) & static_cast<int>(right));
}
constexpr bool includes(Ready set, Ready part) { return (set & part) != Ready::kNothing; }
constexpr Ready without(Ready set, Ready part)
{
  return static_cast<Ready>(static_cast<int>(set) & ~static_cast<int>(part));
}

}  // namespace two_cakes
