// select: whichever has something is served, the input or the socket. So lines go out while others
// come back. But the calls themselves still block: while a write waits for room, nothing is read,
// though it is there.
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

void run_select(const Session& session)
{
  const int socket = session.socket.get();
  const int input = session.input.get();
  std::array<char, 4096> buffer;
  bool input_ended = false;
  for (;;) {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(socket, &readable);
    if (!input_ended) FD_SET(input, &readable);
    const int highest = std::max(socket, input);
    timeval left = time_left(session);
    const int count = ::select(highest + 1, &readable, nullptr, nullptr, &left);
    if (count == -1 && errno == EINTR) continue;
    check_syscall("select", count);

    if (FD_ISSET(socket, &readable)) {
      const std::size_t size = read_some_blocking(session.socket, buffer, session.deadline);
      if (size == 0) return;
      write_all(session.output, {buffer.data(), size});
    }
    if (FD_ISSET(input, &readable)) {
      const std::size_t size = read_input(session, buffer);
      if (size > 0) write_all_blocking(session.socket, {buffer.data(), size}, session.deadline);
      else end_sending(session);
      input_ended = size == 0;
    }
  }
}

}  // namespace two_cakes
