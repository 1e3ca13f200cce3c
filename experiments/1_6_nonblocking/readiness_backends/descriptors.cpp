#include "descriptors.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <cerrno>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

// One that counts nothing isn't readable, one that counts 1 is.
void set_ready(const UniqueFd& fd, bool ready)
{
  std::uint64_t value = 1;
  if (ready) check_syscall("write", ::write(fd.get(), &value, sizeof value));
  else check_syscall("read", ::read(fd.get(), &value, sizeof value));
}

}  // namespace

Watched Descriptors::watched(int count)
{
  // Some more are open: the backend's own, the standard streams, what was inherited.
  constexpr std::uint64_t kOthers = 32;
  const std::uint64_t limit = raise_open_files_limit();
  if (static_cast<std::uint64_t>(count) + kOthers > limit)
    throw Skipped(fmt::format(
        "{} descriptors don't fit under RLIMIT_NOFILE, {}; raise it: ulimit -n (as root: -Hn)",
        count, limit));
  if (ready_ >= 0) set_ready(all_[ready_], false);
  ready_ = -1;
  while (all_.size() < static_cast<std::size_t>(count)) {
    UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd) throw Skipped(SyscallError(errno, "eventfd", limit_behind(errno)).what());
    all_.push_back(std::move(fd));
  }
  set_ready(all_[count - 1], true);
  ready_ = count - 1;
  return Watched(all_).first(count);
}

}  // namespace two_cakes
