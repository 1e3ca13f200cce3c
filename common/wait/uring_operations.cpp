// What can be asked of io_uring: each operation is an entry of the ring of submissions.
#ifdef TWO_CAKES_HAS_LIBURING

#include <poll.h>

#include "wait/uring_completion.hpp"

namespace two_cakes {
namespace {

unsigned to_poll(Ready interest)
{
  unsigned events = 0;
  if (includes(interest, Ready::kRead)) events |= POLLIN;
  if (includes(interest, Ready::kWrite)) events |= POLLOUT;
  return events;
}

}  // namespace

void UringCompletion::accept(int listener, std::uint64_t tag)
{
  streams_[tag] = {listener, Stream::kAccept, false};
  arm(tag);
}

void UringCompletion::receive(int socket, std::uint64_t tag)
{
  streams_[tag] = {socket, Stream::kReceive, false};
  arm(tag);
}

void UringCompletion::receive_into(int socket, std::span<char> buffer, std::uint64_t tag)
{
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_recv(&entry, socket, buffer.data(), buffer.size(), 0);
  io_uring_sqe_set_data64(&entry, tag);
}

void UringCompletion::send(int socket, std::string_view bytes, std::uint64_t tag)
{
  io_uring_sqe& entry = ring_.next_submission();
  // MSG_WAITALL: where a part went out, the kernel sends the rest by itself.
  io_uring_prep_send(&entry, socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL);
  io_uring_sqe_set_data64(&entry, tag);
}

void UringCompletion::connect(int socket, const Endpoint& to, std::uint64_t tag)
{
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_connect(&entry, socket, to.address(), to.length());
  io_uring_sqe_set_data64(&entry, tag);
}

void UringCompletion::read_at(int file, std::span<char> buffer, std::uint64_t offset,
                              std::uint64_t tag)
{
  io_uring_sqe& entry = ring_.next_submission();
  const auto size = static_cast<unsigned>(buffer.size());
  io_uring_prep_read(&entry, file, buffer.data(), size, offset);
  io_uring_sqe_set_data64(&entry, tag);
}

void UringCompletion::await_ready(int fd, Ready interest, std::uint64_t tag)
{
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_poll_add(&entry, fd, to_poll(interest));
  io_uring_sqe_set_data64(&entry, tag);
}

void UringCompletion::arm(std::uint64_t tag)
{
  const Stream& stream = streams_.at(tag);
  io_uring_sqe& entry = ring_.next_submission();
  if (stream.kind == Stream::kAccept) {
    io_uring_prep_multishot_accept(&entry, stream.fd, nullptr, nullptr, SOCK_CLOEXEC);
  } else {
    io_uring_prep_recv_multishot(&entry, stream.fd, nullptr, 0, 0);
    entry.flags |= IOSQE_BUFFER_SELECT;
    entry.buf_group = 0;
  }
  io_uring_sqe_set_data64(&entry, tag | kStream);
}

// Each that receives needs a buffer: no more than there are.
void UringCompletion::arm_starved()
{
  for (unsigned left = buffers_.free(); left > 0 && !starved_.empty(); --left) {
    arm(starved_.front());
    starved_.pop_front();
  }
}

void UringCompletion::cancel(std::uint64_t tag)
{
  const auto stream = streams_.find(tag);
  if (stream != streams_.end()) {
    if (std::erase(starved_, tag) > 0) {  // the kernel has it not
      streams_.erase(stream);
      own_.push_back({tag, -ECANCELED, kNoBuffer, false});
      return;
    }
    stream->second.cancelled = true;
    tag |= kStream;
  }
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_cancel64(&entry, tag, 0);
  io_uring_sqe_set_data64(&entry, kCancelled);
}

}  // namespace two_cakes

#endif
