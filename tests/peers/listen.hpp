// What every peer does alike: it says where it listens, on a free port of loopback.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace peers {

/// As much as each reads at a time, so that none has it easier.
inline constexpr std::size_t kBufferBytes = 16 * 1024;

inline constexpr int kBacklog = 4096;

/// The set-up calls of a peer end it where they fail.
inline int check(int result, const char* call)
{
  if (result >= 0) return result;
  std::perror(call);
  std::exit(1);
}

inline sockaddr_in any_loopback_port()
{
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// One line on stderr, which the comparison waits for.
inline void announce(const char* name, int listener)
{
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  sockaddr_in address{};
  socklen_t length = sizeof address;
  check(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  std::fprintf(stderr, "%s listens on 127.0.0.1:%d\n", name, ntohs(address.sin_port));
}

/// A listening socket, non-blocking, for peers whose library takes one that is made already.
inline int listen_and_announce(const char* name)
{
  const int listener =
      check(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = any_loopback_port();
  check(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  check(::listen(listener, kBacklog), "listen");
  announce(name, listener);
  return listener;
}

/// The next client, non-blocking; -1 where there is none.
inline int accept_client(int listener)
{
  const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int on = 1;
  if (client >= 0) ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

}  // namespace peers
