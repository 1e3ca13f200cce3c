#include "os/socket.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/// A call that makes a descriptor fails by a limit more often than not: the error names it.
int check_new_fd(std::string_view call, int fd)
{
  const int error = errno;  // looking the limit up may change it
  if (fd == -1) throw SyscallError(error, call, limit_behind(error));
  return fd;
}

void set_option(const UniqueFd& socket, int level, int option, int value, std::string_view name)
{
  check_syscall("setsockopt", ::setsockopt(socket.get(), level, option, &value, sizeof value),
                name);
}

#ifdef SOCK_CLOEXEC  // one call where Linux and BSD have the flags
UniqueFd new_socket(const Endpoint& endpoint, bool non_blocking)
{
  const int type = SOCK_STREAM | SOCK_CLOEXEC | (non_blocking ? SOCK_NONBLOCK : 0);
  return UniqueFd{check_new_fd("socket", ::socket(endpoint.family(), type, 0))};
}
int accept_once(const UniqueFd& listener, bool non_blocking)
{
  const int flags = SOCK_CLOEXEC | (non_blocking ? SOCK_NONBLOCK : 0);
  return ::accept4(listener.get(), nullptr, nullptr, flags);
}
#else  // macOS
UniqueFd new_socket(const Endpoint& endpoint, bool non_blocking)
{
  UniqueFd socket{check_new_fd("socket", ::socket(endpoint.family(), SOCK_STREAM, 0))};
  check_syscall("fcntl FD_CLOEXEC", ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC));
  if (non_blocking) set_non_blocking(socket);
  return socket;
}
int accept_once(const UniqueFd& listener, bool)
{
  return ::accept(listener.get(), nullptr, nullptr);
}
#endif

/// Bounds the next blocking call on `socket`; the kernel then reports EAGAIN, which here means too
/// late.
void bound_next_call(const UniqueFd& socket, int option, Clock::time_point deadline)
{
  const auto now = Clock::now();
  if (deadline <= now) throw SyscallError(ETIMEDOUT, "the deadline passed");
  const auto left = std::chrono::ceil<std::chrono::microseconds>(deadline - now);
  const timeval limit{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
  check_syscall("setsockopt", ::setsockopt(socket.get(), SOL_SOCKET, option, &limit, sizeof limit));
}

/// Makes one blocking call on `socket`; after a signal again, with what is left of the time. The
/// deadline is the clock's to judge: the kernel's own limit may end a tick early after a signal.
template <class Call>
std::size_t call_until(Clock::time_point deadline, const UniqueFd& socket, int option,
                       std::string_view name, Call call)
{
  for (;;) {
    bound_next_call(socket, option, deadline);
    const ssize_t count = call();
    if (count != -1) return static_cast<std::size_t>(count);
    if (errno != EINTR && !would_block(errno)) throw SyscallError(errno, name);
  }
}

}  // namespace

UniqueFd listen_on(const Endpoint& endpoint, int backlog)
{
  UniqueFd socket = new_socket(endpoint, false);
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
  check_syscall("bind", ::bind(socket.get(), endpoint.address(), endpoint.length()),
                endpoint.to_string());
  check_syscall("listen", ::listen(socket.get(), backlog), endpoint.to_string());
  return socket;
}

Endpoint local_endpoint(const UniqueFd& socket)
{
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  check_syscall("getsockname", ::getsockname(socket.get(), address, &length));
  return {address, length};
}

void set_non_blocking(const UniqueFd& socket, bool non_blocking)
{
  const int flags = check_syscall("fcntl F_GETFL", ::fcntl(socket.get(), F_GETFL));
  const int wanted = non_blocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  check_syscall("fcntl F_SETFL", ::fcntl(socket.get(), F_SETFL, wanted));
}

UniqueFd connect_blocking(const Endpoint& endpoint, Clock::time_point deadline)
{
  UniqueFd socket = new_socket(endpoint, false);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY");
  for (;;) {
    bound_next_call(socket, SO_SNDTIMEO, deadline);  // which bounds connect() too: socket(7)
    if (::connect(socket.get(), endpoint.address(), endpoint.length()) == 0) return socket;
    const int error = errno;
    // After a signal, Linux goes on connecting where it was.
    const bool connecting = error == EINTR || error == EINPROGRESS || error == EALREADY;
    if (connecting && Clock::now() < deadline) continue;
    throw SyscallError(connecting ? ETIMEDOUT : error, "connect", endpoint.to_string());
  }
}

UniqueFd start_connect(const Endpoint& endpoint)
{
  UniqueFd socket = new_socket(endpoint, true);
  const int result = ::connect(socket.get(), endpoint.address(), endpoint.length());
  if (result == -1 && errno != EINPROGRESS)
    throw SyscallError(errno, "connect", endpoint.to_string());
  return socket;
}

bool is_connected(const UniqueFd& socket)
{
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  return ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

std::optional<UniqueFd> accept_connection(const UniqueFd& listener, bool non_blocking)
{
  int fd = -1;
  do fd = accept_once(listener, non_blocking);
  while (fd == -1 && (errno == EINTR || errno == ECONNABORTED));
  if (fd == -1 && would_block(errno)) return std::nullopt;
  UniqueFd socket{check_new_fd("accept", fd)};
#ifndef SOCK_CLOEXEC
  check_syscall("fcntl FD_CLOEXEC", ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC));
  set_non_blocking(socket, non_blocking);
#endif
  return socket;
}

std::optional<std::size_t> read_some(const UniqueFd& socket, std::span<char> buffer)
{
  ssize_t count = 0;
  do count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
  while (count == -1 && errno == EINTR);
  if (count == -1 && would_block(errno)) return std::nullopt;
  return static_cast<std::size_t>(check_syscall("recv", count));
}

std::optional<std::size_t> write_some(const UniqueFd& socket, std::string_view bytes)
{
  ssize_t count = 0;
  do count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  while (count == -1 && errno == EINTR);
  if (count == -1 && would_block(errno)) return std::nullopt;
  return static_cast<std::size_t>(check_syscall("send", count));
}

void write_all_blocking(const UniqueFd& socket, std::string_view bytes, Clock::time_point deadline)
{
  while (!bytes.empty()) {
    bytes.remove_prefix(call_until(deadline, socket, SO_SNDTIMEO, "send", [&] {
      return ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }));
  }
}

std::size_t read_some_blocking(const UniqueFd& socket, std::span<char> buffer,
                               Clock::time_point deadline)
{
  return call_until(deadline, socket, SO_RCVTIMEO, "recv",
                    [&] { return ::recv(socket.get(), buffer.data(), buffer.size(), 0); });
}

}  // namespace two_cakes
