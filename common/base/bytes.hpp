// An object as the bytes that another process can be sent.
#pragma once

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace two_cakes {

/// A copy of the object's memory: for a process of the same program, not for a file or a network.
template <class Value>
std::string to_bytes(const Value& value)
{
  static_assert(std::is_trivially_copyable_v<Value>);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// The object that to_bytes() was given. Throws std::runtime_error for bytes of another size.
template <class Value>
Value from_bytes(std::string_view bytes)
{
  static_assert(std::is_trivially_copyable_v<Value>);
  if (bytes.size() != sizeof(Value)) throw std::runtime_error("a message of the wrong size");
  Value value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace two_cakes
