#include "tasks/wake_up.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/errors.hpp"
#include "os/limits.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

namespace two_cakes {

#if defined(__linux__)
WakeUp::WakeUp()
{
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int error = errno;
  if (fd == -1) throw SyscallError(error, "eventfd", limit_behind(error));
  read_end_.reset(fd);
}
#else
WakeUp::WakeUp()
{
  Pipe pipe = make_pipe();
  set_non_blocking(pipe.read_end);
  set_non_blocking(pipe.write_end);
  read_end_ = std::move(pipe.read_end);
  write_end_ = std::move(pipe.write_end);
}
#endif

void WakeUp::ring() const noexcept
{
  const int before = errno;
  const std::uint64_t one = 1;
  const int fd = write_end_ ? write_end_.get() : read_end_.get();
  [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof one);  // full: rung already
  errno = before;
}

void WakeUp::silence() const noexcept
{
  std::uint64_t rings[64];
  while (::read(fd(), rings, sizeof rings) == sizeof rings) {
  }
}

}  // namespace two_cakes
