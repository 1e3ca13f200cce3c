// io_uring: what shall be done is written into one ring, what has been done is read from another,
// and one system call hands in the first and waits for the second.
// Jens Axboe, "Efficient IO with io_uring" (2019); io_uring_enter(2).
#include "base/errors.hpp"
#include "wait/completion.hpp"

#ifdef TWO_CAKES_HAS_LIBURING

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <unordered_map>

#include "base/unique_fd.hpp"
#include "wait/uring_buffers.hpp"
#include "wait/uring_ring.hpp"

namespace two_cakes {
namespace {

// The two bits that a tag leaves free say what has completed.
constexpr std::uint64_t kStream = std::uint64_t{1} << 62;  // accept() and receive(): they go on
constexpr std::uint64_t kOwn = std::uint64_t{1} << 63;     // nobody's but this file's
constexpr std::uint64_t kKind = kStream | kOwn;
constexpr std::uint64_t kWoken = kOwn | 1;
constexpr std::uint64_t kCancelled = kOwn | 2;

unsigned to_poll(Ready interest)
{
  unsigned events = 0;
  if ((interest & Ready::kRead) != Ready::kNothing) events |= POLLIN;
  if ((interest & Ready::kWrite) != Ready::kNothing) events |= POLLOUT;
  return events;
}

Ready from_poll(int events)
{
  if (events < 0) return Ready::kNothing;
  if ((events & (POLLERR | POLLHUP)) != 0) return Ready::kBoth;
  Ready ready = Ready::kNothing;
  if ((events & POLLIN) != 0) ready = ready | Ready::kRead;
  if ((events & POLLOUT) != 0) ready = ready | Ready::kWrite;
  return ready;
}

class UringCompletion final : public Completion {
 public:
  UringCompletion(const LentBuffers& lent, bool deferred)
      : wake_up_(check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC))),
        buffers_(lent),
        ring_(deferred)
  {
    buffers_.register_with(ring_.get());
    listen_for_wake_up();
  }

  [[nodiscard]] std::string_view name() const override { return "io_uring"; }

  void accept(int listener, std::uint64_t tag) override
  {
    streams_[tag] = {listener, Stream::kAccept, false};
    arm(tag);
  }
  void receive(int socket, std::uint64_t tag) override
  {
    streams_[tag] = {socket, Stream::kReceive, false};
    arm(tag);
  }
  void receive_into(int socket, std::span<char> buffer, std::uint64_t tag) override
  {
    io_uring_sqe& entry = ring_.next_submission();
    io_uring_prep_recv(&entry, socket, buffer.data(), buffer.size(), 0);
    io_uring_sqe_set_data64(&entry, tag);
  }
  void send(int socket, std::string_view bytes, std::uint64_t tag) override
  {
    io_uring_sqe& entry = ring_.next_submission();
    // MSG_WAITALL: where a part went out, the kernel sends the rest by itself.
    io_uring_prep_send(&entry, socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL);
    io_uring_sqe_set_data64(&entry, tag);
  }
  void connect(int socket, const Endpoint& to, std::uint64_t tag) override
  {
    io_uring_sqe& entry = ring_.next_submission();
    io_uring_prep_connect(&entry, socket, to.address(), to.length());
    io_uring_sqe_set_data64(&entry, tag);
  }
  void read_at(int file, std::span<char> buffer, std::uint64_t offset, std::uint64_t tag) override
  {
    io_uring_sqe& entry = ring_.next_submission();
    const auto size = static_cast<unsigned>(buffer.size());
    io_uring_prep_read(&entry, file, buffer.data(), size, offset);
    io_uring_sqe_set_data64(&entry, tag);
  }
  void await_ready(int fd, Ready interest, std::uint64_t tag) override
  {
    io_uring_sqe& entry = ring_.next_submission();
    io_uring_prep_poll_add(&entry, fd, to_poll(interest));
    io_uring_sqe_set_data64(&entry, tag);
  }
  void cancel(std::uint64_t tag) override;

  [[nodiscard]] std::span<const char> received(const CompletionEvent& event) const override
  {
    return buffers_.bytes(event.buffer, static_cast<std::size_t>(event.result));
  }
  [[nodiscard]] Ready readiness(const CompletionEvent& event) const override
  {
    return from_poll(event.result);
  }
  void give_back(std::uint16_t buffer) override { buffers_.give_back(buffer); }

  void wait(std::vector<CompletionEvent>& events, Clock::time_point deadline) override;
  void wake_up() override
  {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_up_.get(), &one, sizeof one);
  }

 private:
  struct Stream {
    enum Kind : std::uint8_t { kAccept, kReceive };
    int fd;
    Kind kind;
    bool cancelled;
  };

  void arm(std::uint64_t tag);
  void arm_starved();
  void listen_for_wake_up();
  void take(const io_uring_cqe& entry, std::vector<CompletionEvent>& events);
  void take_from_stream(std::uint64_t tag, const io_uring_cqe& entry,
                        std::vector<CompletionEvent>& events);

  UniqueFd wake_up_;  // an eventfd that is read all the time: the read ends when somebody writes
  std::uint64_t wake_ups_ = 0;
  UringBuffers buffers_;
  UringRing ring_;  // after all that the kernel writes to: it ends first
  std::unordered_map<std::uint64_t, Stream> streams_;  // by tag; touched when one begins or ends
  std::deque<std::uint64_t> starved_;  // streams that ended because all buffers were lent
  std::vector<CompletionEvent> own_;   // what ended without the kernel
};

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

void UringCompletion::listen_for_wake_up()
{
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_read(&entry, wake_up_.get(), &wake_ups_, sizeof wake_ups_, 0);
  io_uring_sqe_set_data64(&entry, kWoken);
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

void UringCompletion::wait(std::vector<CompletionEvent>& events, Clock::time_point deadline)
{
  events.clear();
  arm_starved();
  const bool only_look = !own_.empty() || (!starved_.empty() && buffers_.free() > 0);
  ring_.submit_and_wait(TimeLeft(only_look ? Clock::time_point{} : deadline));
  events.swap(own_);
  unsigned head = 0;
  unsigned count = 0;
  unsigned ended = 0;
  io_uring_cqe* entry = nullptr;
  io_uring_for_each_cqe(&ring_.get(), head, entry)
  {
    // A cancel that failed or an eventfd's read count too: all that was handed in.
    if ((entry->flags & IORING_CQE_F_MORE) == 0) ++ended;
    take(*entry, events);
    ++count;
  }
  io_uring_cq_advance(&ring_.get(), count);
  ring_.ended(ended);
}

void UringCompletion::take(const io_uring_cqe& entry, std::vector<CompletionEvent>& events)
{
  const std::uint64_t tag = entry.user_data & ~kKind;
  switch (entry.user_data & kKind) {
    case kStream:
      return take_from_stream(tag, entry, events);
    case kOwn:
      if (entry.user_data == kWoken) listen_for_wake_up();
      return;
    default:
      return events.push_back({tag, entry.res, kNoBuffer, false});
  }
}

// The kernel may end a stream of its own accord (IORING_CQE_F_MORE is missing), when its ring is
// full or the buffers are all lent. It is begun again: whoever listens to it needn't know.
void UringCompletion::take_from_stream(std::uint64_t tag, const io_uring_cqe& entry,
                                       std::vector<CompletionEvent>& events)
{
  const bool has_buffer = (entry.flags & IORING_CQE_F_BUFFER) != 0;
  const auto buffer =
      has_buffer ? static_cast<std::uint16_t>(entry.flags >> IORING_CQE_BUFFER_SHIFT) : kNoBuffer;
  if (has_buffer) buffers_.lent_out();
  if ((entry.flags & IORING_CQE_F_MORE) != 0)
    return events.push_back({tag, entry.res, buffer, true});

  const auto found = streams_.find(tag);
  const Stream stream = found->second;
  const bool goes_on = entry.res > 0 || (entry.res == 0 && stream.kind == Stream::kAccept);
  if (goes_on) events.push_back({tag, entry.res, buffer, true});
  else if (has_buffer) buffers_.give_back(buffer);
  if (stream.cancelled || (!goes_on && entry.res != -ENOBUFS)) {
    const int result = goes_on || entry.res == -ENOBUFS ? -ECANCELED : entry.res;
    streams_.erase(found);
    events.push_back({tag, result, kNoBuffer, false});
  } else if (goes_on) {
    arm(tag);
  } else {
    starved_.push_back(tag);
  }
}

}  // namespace

std::unique_ptr<Completion> make_uring_completion(const LentBuffers& lent, bool deferred)
{
  return std::make_unique<UringCompletion>(lent, deferred);
}

}  // namespace two_cakes

#else

namespace two_cakes {

std::unique_ptr<Completion> make_uring_completion(const LentBuffers&, bool)
{
  throw Skipped("io_uring: built without liburing; `make setup` installs it, on Linux");
}

}  // namespace two_cakes

#endif
