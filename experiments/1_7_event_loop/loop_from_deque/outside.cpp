#include "outside.hpp"

#include <poll.h>

#include <cerrno>
#include <string_view>

#include "base/errors.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

std::jthread send_from_outside(const Load& load, std::function<void(const Note&)> send)
{
  return start_thread([load, send = std::move(send)](const std::stop_token& stop) {
    const auto start = Clock::now();
    for (int i = 0; i < load.events && !stop.stop_requested(); ++i) {
      std::this_thread::sleep_until(start + (i + 1) * load.period);
      send({i, Clock::now()});
    }
  });
}

std::pair<UniqueFd, UniqueFd> make_connection()
{
  auto ends = make_socket_pair();
  set_non_blocking(ends.first);
  return ends;
}

void send_note(const UniqueFd& socket, const Note& note)
{
  write_all(socket, {reinterpret_cast<const char*>(&note), sizeof note});
}

std::optional<Note> receive_note(const UniqueFd& socket)
{
  Note note;
  const auto count = read_some(socket, {reinterpret_cast<char*>(&note), sizeof note});
  if (!count) return {};
  if (*count != sizeof note) throw SyscallError(EPIPE, "read", "a note that was cut in two");
  return note;
}

bool can_read(int fd)
{
  pollfd question{fd, POLLIN, 0};
  return check_syscall("poll", ::poll(&question, 1, 0)) == 1;
}

}  // namespace two_cakes
