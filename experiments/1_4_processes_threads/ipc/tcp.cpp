// tcp: as between two machines, though the packets never leave this one: checked, numbered and
// acknowledged all the same. Small messages go out at once (TCP_NODELAY). tcp(7)
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/socket.hpp"
#include "stream_channel.hpp"

namespace two_cakes {

Link link_by_tcp(std::size_t message_bytes)
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  UniqueFd ours =
      connect_blocking(local_endpoint(listener), Clock::now() + std::chrono::seconds(10));
  UniqueFd theirs = std::move(*accept_connection(listener));
  const int at_once = 1;
  check_syscall("setsockopt",
                ::setsockopt(theirs.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once),
                "TCP_NODELAY");
  return {std::make_unique<StreamChannel>(std::move(ours), message_bytes),
          std::make_unique<StreamChannel>(std::move(theirs), message_bytes)};
}

}  // namespace two_cakes
