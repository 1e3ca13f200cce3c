// nonblocking: no call ever waits, but select. Two buffers stand in between, one for each way; what
// finds no room now is sent when there is some. Fast, and by far the most to write: Stevens doubts
// that it is worth it, and recommends two threads or processes.
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

/// Bytes on their way from one descriptor to another.
struct Way {
  std::array<char, 4096> buffer;
  std::size_t filled = 0;   // up to here it was read
  std::size_t emptied = 0;  // up to here it was written
  bool ended = false;       // nothing more will be read

  [[nodiscard]] bool has_room() const { return !ended && filled < buffer.size(); }
  [[nodiscard]] bool has_bytes() const { return emptied < filled; }
  std::span<char> room() { return std::span(buffer).subspan(filled); }
  [[nodiscard]] std::string_view bytes() const
  {
    return {buffer.data() + emptied, filled - emptied};
  }
  void read(std::size_t size)
  {
    filled += size;
    ended = size == 0;
  }
  void written(std::size_t size)
  {
    emptied += size;
    if (emptied == filled) emptied = filled = 0;
  }
};

void wait(const Session& session, const Way& there, const Way& back, fd_set& readable,
          fd_set& writable)
{
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  if (there.has_room()) FD_SET(session.input.get(), &readable);
  if (there.has_bytes()) FD_SET(session.socket.get(), &writable);
  if (back.has_room()) FD_SET(session.socket.get(), &readable);
  if (back.has_bytes()) FD_SET(session.output.get(), &writable);
  const int highest = std::max({session.input.get(), session.socket.get(), session.output.get()});
  timeval left = time_left(session);
  const int count = ::select(highest + 1, &readable, &writable, nullptr, &left);
  if (count == -1 && errno == EINTR) {
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    return;
  }
  check_syscall("select", count);
}

}  // namespace

void run_nonblocking(const Session& session)
{
  for (const UniqueFd* each : {&session.socket, &session.input, &session.output})
    set_non_blocking(*each);
  Way there;  // input -> server
  Way back;   // server -> output
  while (!back.ended || back.has_bytes()) {
    fd_set readable;
    fd_set writable;
    wait(session, there, back, readable, writable);
    if (FD_ISSET(session.input.get(), &readable)) {
      there.read(read_input(session, there.room()));
      if (there.ended && !there.has_bytes()) end_sending(session);
    }
    if (FD_ISSET(session.socket.get(), &readable))
      if (const auto size = read_some(session.socket, back.room())) back.read(*size);
    if (FD_ISSET(session.output.get(), &writable)) {
      const std::string_view bytes = back.bytes();
      const ssize_t size = ::write(session.output.get(), bytes.data(), bytes.size());
      back.written(static_cast<std::size_t>(check_syscall("write", size)));
    }
    if (FD_ISSET(session.socket.get(), &writable)) {
      if (const auto size = write_some(session.socket, there.bytes())) there.written(*size);
      if (there.ended && !there.has_bytes()) end_sending(session);
    }
  }
}

}  // namespace two_cakes
