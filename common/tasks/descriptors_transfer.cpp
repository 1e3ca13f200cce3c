// Reading from, and writing to, the descriptors of a loop: sockets, or whatever else they are.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "os/pipe.hpp"
#include "tasks/descriptors.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

}  // namespace

ssize_t Descriptors::receive(int fd, std::span<char> buffer)
{
  Entry& entry = entries_[fd];
  if (completions_ != nullptr && completions_->receives_ahead(fd)) {
    const ssize_t count = completions_->receive(fd, buffer);
    entry.input = completions_->has_input(fd);
    return count;
  }
  ssize_t count = -1;
  do
    count = entry.plain ? ::read(fd, buffer.data(), buffer.size())
                        : ::recv(fd, buffer.data(), buffer.size(), 0);
  while (count == -1 && errno == EINTR);
  if (count == -1 && errno == ENOTSOCK) {
    entry.plain = true;
    return receive(fd, buffer);
  }
  // Fewer bytes than asked for mean that there are no more now. An edge-triggered poller doesn't
  // say again what it has said, so there only a read that would block means that.
  const auto wanted = static_cast<ssize_t>(buffer.size());
  if (count == -1 || (count < wanted && !edge_triggered_)) entry.input = false;
  return count;
}

ssize_t Descriptors::receive(int fd, const char*& bytes)
{
  if (completions_ != nullptr && completions_->receives_ahead(fd)) {
    const ssize_t count = completions_->receive(fd, bytes);
    entries_[fd].input = completions_->has_input(fd);
    return count;
  }
  if (buffer_ == nullptr) buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  bytes = buffer_.get();
  return receive(fd, {buffer_.get(), kBufferBytes});
}

ssize_t Descriptors::send(int fd, std::string_view bytes)
{
  Entry& entry = entries_[fd];
  const ssize_t count = entry.plain ? write_without_sigpipe(fd, bytes)
                                    : ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0 || errno != ENOTSOCK) return count;
  entry.plain = true;
  return send(fd, bytes);
}

}  // namespace two_cakes
