// What the messages say, so that each one can be checked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace two_cakes {

inline constexpr std::size_t kSmallestMessage = 2 * sizeof(std::uint64_t);

/// Writes `number` to both ends of the message. Cheap, so it belongs into the time that is
/// measured.
inline void stamp(std::span<char> message, std::uint64_t number)
{
  std::memcpy(message.data(), &number, sizeof number);
  std::memcpy(message.data() + message.size() - sizeof number, &number, sizeof number);
}

/// Whether both ends say `number`: none lost, none twice, none in pieces.
inline bool is_stamped(std::span<const char> message, std::uint64_t number)
{
  return std::memcmp(message.data(), &number, sizeof number) == 0 &&
         std::memcmp(message.data() + message.size() - sizeof number, &number, sizeof number) == 0;
}

/// Every eight bytes depend on their place and on `number`.
inline std::string full_message(std::size_t bytes, std::uint64_t number)
{
  std::string message(bytes, '\0');
  std::uint64_t value = number + 1;
  for (std::size_t at = 0; at < bytes; at += sizeof value) {
    value = value * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(message.data() + at, &value, std::min(sizeof value, bytes - at));
  }
  return message;
}

}  // namespace two_cakes
