#include "os/pipe.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

std::size_t read_retrying(const UniqueFd& fd, std::span<char> buffer)
{
  ssize_t count = 0;
  do count = ::read(fd.get(), buffer.data(), buffer.size());
  while (count == -1 && errno == EINTR);
  return static_cast<std::size_t>(check_syscall("read", count));
}

// A socket must not raise SIGPIPE, and send() knows how not to; write() serves everything else.
ssize_t send_or_write(int fd, std::string_view bytes)
{
  const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count == -1 && errno == ENOTSOCK) return ::write(fd, bytes.data(), bytes.size());
  return count;
}

bool sigpipe_is_pending()
{
  sigset_t pending{};
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

Pipe make_pipe()
{
  std::array<int, 2> ends{};
  const int result = ::pipe2(ends.data(), O_CLOEXEC);
  const int error = errno;  // looking the limit up may change it
  if (result == -1) throw SyscallError(error, "pipe2", limit_behind(error));
  return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

std::pair<UniqueFd, UniqueFd> make_socket_pair()
{
  std::array<int, 2> ends{};
  const int result = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
  const int error = errno;
  if (result == -1) throw SyscallError(error, "socketpair", limit_behind(error));
  return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

void write_all(const UniqueFd& fd, std::string_view bytes)
{
  while (!bytes.empty()) {
    const ssize_t count = send_or_write(fd.get(), bytes);
    if (count == -1 && errno == EINTR) continue;
    bytes.remove_prefix(static_cast<std::size_t>(check_syscall("write", count)));
  }
}

// Stevens and Rago, "Advanced Programming in the UNIX Environment": a signal that a call raises
// comes to the calling thread, and one that is blocked can be taken away again.
ssize_t write_without_sigpipe(int fd, std::string_view bytes) noexcept
{
  sigset_t sigpipe{};
  sigset_t before{};
  ::sigemptyset(&sigpipe);
  ::sigaddset(&sigpipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
  const bool is_anothers = ::sigismember(&before, SIGPIPE) == 1 && sigpipe_is_pending();
  const ssize_t count = ::write(fd, bytes.data(), bytes.size());
  const int error = errno;
  int number = 0;
  if (count == -1 && error == EPIPE && !is_anothers && sigpipe_is_pending())
    ::sigwait(&sigpipe, &number);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return count;
}

bool read_exactly(const UniqueFd& fd, std::span<char> buffer)
{
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t count = read_retrying(fd, buffer.subspan(filled));
    if (count == 0 && filled == 0) return false;
    if (count == 0)
      throw SyscallError(EPIPE, "read", "the stream ended in the middle of a message");
    filled += count;
  }
  return true;
}

std::string read_to_end(const UniqueFd& fd)
{
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = read_retrying(fd, buffer)) text.append(buffer.data(), count);
  return text;
}

}  // namespace two_cakes
