#include "server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

// A hundred failures a second are enough. Who serves clients on the same thread keeps them waiting
// as long, but only while somebody knocks for whom there is no room. (common/tasks does better:
// its accept() waits for a timer instead.)
void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

// The spare's own descriptor is free for a moment: enough to accept the client and hang up. Where
// descriptors have returned meanwhile (a listener that blocks may have waited), the client stays.
UniqueFd turn_away(int listener, UniqueFd& spare, int flags)
{
  spare.reset();
  UniqueFd client{::accept4(listener, nullptr, nullptr, flags)};
  spare.reset(open_spare());
  if (spare) return client;
  client.reset();
  spare.reset(open_spare());
  pause();
  return client;
}

UniqueFd without_delay(UniqueFd client)
{
  const int on = 1;
  if (client) ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

}  // namespace

UniqueFd accept_client(int listener, bool non_blocking)
{
  static UniqueFd spare{open_spare()};
  const int flags = SOCK_CLOEXEC | (non_blocking ? SOCK_NONBLOCK : 0);
  UniqueFd client{::accept4(listener, nullptr, nullptr, flags)};
  if (client) return without_delay(std::move(client));
  switch (errno) {
    case EMFILE:
    case ENFILE:
      return without_delay(turn_away(listener, spare, flags));
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
      return client;
    case ENOBUFS:
    case ENOMEM:
      pause();
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
