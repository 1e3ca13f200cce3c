#include "stream_channel.hpp"

#include <cerrno>

#include "base/errors.hpp"

namespace two_cakes {

std::span<const char> StreamChannel::receive()
{
  if (!read_exactly(in_, message_)) throw SyscallError(EPIPE, "read", "the other side is gone");
  return message_;
}

}  // namespace two_cakes
