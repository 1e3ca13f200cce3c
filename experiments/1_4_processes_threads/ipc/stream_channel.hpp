// A channel over descriptors: the kernel copies each message in and out, and wakes whoever waits.
#pragma once

#include <string>

#include "base/unique_fd.hpp"
#include "channel.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

class StreamChannel : public Channel {
 public:
  StreamChannel(UniqueFd in, UniqueFd out, std::size_t message_bytes)
      : in_(std::move(in)),
        out_(std::move(out)),
        message_(message_bytes, '\0')
  {
  }
  /// One descriptor for both directions.
  StreamChannel(UniqueFd both, std::size_t message_bytes)
      : StreamChannel(std::move(both), UniqueFd(), message_bytes)
  {
  }

  void send(std::span<const char> message) override
  {
    write_all(out_ ? out_ : in_, {message.data(), message.size()});
  }
  std::span<const char> receive() override;

 private:
  UniqueFd in_;
  UniqueFd out_;
  std::string message_;
};

}  // namespace two_cakes
