// Connections of a loop to peers outside of it, for tests of what goes wrong with them.
#pragma once

#include <sys/socket.h>

#include <string>
#include <utility>

#include "base/errors.hpp"
#include "leftovers.hpp"
#include "os/socket.hpp"
#include "tasks/io.hpp"

namespace two_cakes::testing {

/// Closing it sends RST instead of FIN (and leaves no TIME_WAIT: ports are few).
inline void reset_at_close(int socket)
{
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// Sends back what comes, until its end.
inline Task<> echo(Stream stream)
{
  char buffer[1000];
  for (;;) {
    const std::size_t count = co_await read(stream, buffer);
    if (count == 0) co_return;
    co_await write_all(stream, {buffer, count});
  }
}

/// The error that reading, or writing, ends with; 0 for none.
inline Task<int> error_of_reading(Stream& stream)
{
  char buffer[1000];
  try {
    while (co_await read(stream, buffer) > 0) {
    }
  } catch (const SyscallError& error) {
    co_return error.code().value();
  }
  co_return 0;
}

inline Task<int> error_of_writing(Stream& stream)
{
  const std::string much(1'000'000, 'x');
  try {
    for (;;) co_await write_all(stream, much);
  } catch (const SyscallError& error) {
    co_return error.code().value();
  }
}

/// Two ends of one TCP connection, the first of them on the loop.
struct Connection {
  explicit Connection(EventLoop& loop)
  {
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    peer = connect_blocking(local_endpoint(listener), Clock::now() + std::chrono::seconds(5));
    stream = Stream(loop, std::move(*accept_connection(listener)));
  }
  UniqueFd peer;
  Stream stream;
};

}  // namespace two_cakes::testing
