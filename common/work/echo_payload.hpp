// What an echo client says: bytes that tell each message of each client from all others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace two_cakes {

/// Messages of a fixed length: the number of the message, the number of the client, then a pattern
/// without a period that a buffer might have. An echo that was mixed up, repeated or cut differs.
class EchoPayload {
 public:
  explicit EchoPayload(std::size_t bytes) : text_(bytes, '\0')
  {
    for (std::size_t i = 0; i < bytes; ++i) text_[i] = static_cast<char>(i * 131 % 251);
  }

  /// Message `number` of `client`. Valid until the next call, which writes to the same place: the
  /// text stays in the core's cache, whoever's turn it is.
  std::string_view message(std::size_t client, std::uint32_t number)
  {
    const std::uint32_t head[] = {number, static_cast<std::uint32_t>(client)};
    std::memcpy(text_.data(), head, std::min(sizeof head, text_.size()));
    return text_;
  }

 private:
  std::string text_;
};

}  // namespace two_cakes
