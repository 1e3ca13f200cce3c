#include "tasks/io.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>

#include "base/errors.hpp"
#include "os/limits.hpp"
#include "os/socket.hpp"
#include "tasks/cancelled.hpp"
#include "tasks/next_turn.hpp"
#include "tasks/ready_for.hpp"
#include "tasks/sleep.hpp"

namespace two_cakes {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/// What goes by itself when somebody closes something.
bool runs_out(int error)
{
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

bool StreamWaiting::suspend(TaskFrame& waiter)
{
  waiter_ = &waiter;
  if (done_) {  // only the others' turn is waited for
    waiter.resume_soon();
    return true;
  }
  if (!waiter.waits_for(*this)) return false;
  Descriptors& descriptors = stream_.loop().descriptors();
  try {
    if (direction_ == Ready::kRead) descriptors.wait_for_bytes(stream_.fd(), *this);
    else descriptors.wait_for(stream_.fd(), direction_, *this);
  } catch (...) {
    waiter.stops_waiting();
    throw;
  }
  waits_ = true;
  return true;
}

void StreamWaiting::stop()
{
  stream_.loop().descriptors().stop_waiting(stream_.fd(), direction_);
  waits_ = false;
}

// Going on may destroy this awaiter: nothing of it is touched afterwards.
void StreamWaiting::ready()
{
  if (!attempt()) return;
  done_ = true;
  EventLoop& loop = stream_.loop();
  stop();
  loop.resume_now(*waiter_);
}

// The stream may be gone when the waiter goes on.
void StreamWaiting::closed()
{
  waits_ = false;
  done_ = true;
  error_ = EBADF;
  stream_.loop().resume_soon(*waiter_);
}

void StreamWaiting::cancel(TaskFrame& waiter)
{
  if (waits_) stop();
  stream_.loop().resume_soon(waiter);
}

void StreamWaiting::check() const
{
  if (!done_) waiter_->resumes();
  if (error_ == 0) [[likely]]
    return;
  throw SyscallError(error_, direction_ == Ready::kRead ? "read" : "write",
                     "descriptor " + std::to_string(fd_));
}

std::string StreamWaiting::describe() const
{
  return (direction_ == Ready::kRead ? "reads descriptor " : "writes to descriptor ") +
         std::to_string(stream_.fd());
}

bool Read::Awaiter::await_ready()
{
  if (!stream_) throw SyscallError(EBADF, "read");
  if (!stream_.loop().descriptors().may_have_input(stream_.fd())) return false;
  done_ = attempt();
  return done_ && stream_.loop().may_go_on();
}

bool Read::Awaiter::attempt()
{
  Descriptors& descriptors = stream_.loop().descriptors();
  const ssize_t count = descriptors.receive(stream_.fd(), buffer_);
  if (count >= 0) [[likely]] {
    count_ = static_cast<std::size_t>(count);
    return true;
  }
  if (would_block(errno)) return false;
  error_ = errno;
  return true;
}

std::size_t Read::Awaiter::await_resume() const
{
  check();
  return count_;
}

void check_would_block(const char* call, const Stream& stream)
{
  if (would_block(errno)) return;
  throw SyscallError(errno, call, "descriptor " + std::to_string(stream.fd()));
}

bool WriteAll::Awaiter::await_ready()
{
  if (!stream_) throw SyscallError(EBADF, "write");
  done_ = attempt();
  return done_ && stream_.loop().may_go_on();
}

bool WriteAll::Awaiter::attempt()
{
  while (!bytes_.empty()) {
    const ssize_t count = stream_.loop().descriptors().send(stream_.fd(), bytes_);
    if (count == -1) {
      error_ = would_block(errno) ? 0 : errno;
      return error_ != 0;
    }
    bytes_.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Task<Stream> accept(Stream& listener)
{
  constexpr auto kPause = std::chrono::milliseconds(20);
  for (;;) {
    bool pause = false;
    try {
      if (auto connection = accept_connection(listener.descriptor(), true)) {
        auto stream = Stream::of_non_blocking(listener.loop(), std::move(*connection));
        co_await OthersFirst{listener.loop()};
        co_return stream;
      }
    } catch (const SyscallError& error) {
      if (!runs_out(error.code().value())) throw;
      pause = true;
    }
    if (pause) co_await sleep_for(kPause);
    else co_await ready_for(listener.fd(), Ready::kRead);
  }
}

Task<Stream> connect(Endpoint endpoint)
{
  EventLoop& loop = EventLoop::running();
  Stream stream = Stream::of_non_blocking(loop, start_connect(endpoint));
  if (is_connected(stream.descriptor()) && loop.may_go_on()) co_return stream;
  co_await ready_for(stream.fd(), Ready::kWrite);
  int error = 0;
  socklen_t size = sizeof error;
  check_syscall("getsockopt", ::getsockopt(stream.fd(), SOL_SOCKET, SO_ERROR, &error, &size),
                "SO_ERROR");
  if (error != 0) throw SyscallError(error, "connect", endpoint.to_string());
  co_return stream;
}

}  // namespace two_cakes
