#include "server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

// The spare's own descriptor is free for a moment: enough to accept the client and hang up.
void turn_away(int listener, UniqueFd& spare)
{
  spare.reset();
  UniqueFd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)).reset();
  spare.reset(open_spare());
}

}  // namespace

UniqueFd accept_client(int listener, bool non_blocking)
{
  static UniqueFd spare{open_spare()};
  const int flags = SOCK_CLOEXEC | (non_blocking ? SOCK_NONBLOCK : 0);
  UniqueFd client{::accept4(listener, nullptr, nullptr, flags)};
  if (client) {
    const int on = 1;
    ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return client;
  }
  switch (errno) {
    case EMFILE:
    case ENFILE:
      turn_away(listener, spare);
      return client;
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOBUFS:
    case ENOMEM:
      return client;
    default:
      throw_syscall_error("accept4", {});
  }
}

void set_listener_non_blocking(int listener)
{
  const int flags = check_syscall("fcntl F_GETFL", ::fcntl(listener, F_GETFL));
  check_syscall("fcntl F_SETFL", ::fcntl(listener, F_SETFL, flags | O_NONBLOCK));
}

}  // namespace two_cakes
