// unix_socket: a socket that never leaves the machine; both directions in one descriptor. unix(7)
#include "models.hpp"
#include "os/pipe.hpp"
#include "stream_channel.hpp"

namespace two_cakes {

Link link_by_unix_socket(std::size_t message_bytes)
{
  auto [ours, theirs] = make_socket_pair();
  return {std::make_unique<StreamChannel>(std::move(ours), message_bytes),
          std::make_unique<StreamChannel>(std::move(theirs), message_bytes)};
}

}  // namespace two_cakes
