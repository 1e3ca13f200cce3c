#include "tasks/stream.hpp"

#include "os/socket.hpp"

namespace two_cakes {

Stream::Stream(EventLoop& loop, UniqueFd fd) : loop_(&loop), fd_(std::move(fd))
{
  set_non_blocking(fd_);
  loop.descriptors().open(fd_.get());
}

Stream Stream::of_non_blocking(EventLoop& loop, UniqueFd fd)
{
  Stream stream;
  loop.descriptors().open(fd.get());
  stream.loop_ = &loop;
  stream.fd_ = std::move(fd);
  return stream;
}

void Stream::close() noexcept
{
  if (fd_) loop_->descriptors().close(fd_.get());
  fd_.reset();
}

UniqueFd Stream::release() noexcept
{
  if (fd_) loop_->descriptors().close(fd_.get());
  return std::move(fd_);
}

}  // namespace two_cakes
