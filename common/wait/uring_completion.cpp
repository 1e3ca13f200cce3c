// io_uring: what shall be done is written into one ring, what has been done is read from another,
// and one system call hands in the first and waits for the second. Here is the second; the first is
// in uring_operations.cpp.
// Jens Axboe, "Efficient IO with io_uring" (2019); io_uring_enter(2).
#include "base/errors.hpp"
#include "wait/completion.hpp"

#ifdef TWO_CAKES_HAS_LIBURING

#include <poll.h>
#include <sys/eventfd.h>

#include "wait/uring_completion.hpp"

namespace two_cakes {
namespace {

Ready from_poll(int events)
{
  if (events < 0) return Ready::kNothing;
  if ((events & (POLLERR | POLLHUP)) != 0) return Ready::kBoth;
  Ready ready = Ready::kNothing;
  if ((events & POLLIN) != 0) ready = ready | Ready::kRead;
  if ((events & POLLOUT) != 0) ready = ready | Ready::kWrite;
  return ready;
}

}  // namespace

UringCompletion::UringCompletion(const LentBuffers& lent, bool deferred)
    : wake_up_(check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC))),
      buffers_(lent),
      ring_(deferred)
{
  buffers_.register_with(ring_.get());
  listen_for_wake_up();
}

void UringCompletion::listen_for_wake_up()
{
  io_uring_sqe& entry = ring_.next_submission();
  io_uring_prep_read(&entry, wake_up_.get(), &wake_ups_, sizeof wake_ups_, 0);
  io_uring_sqe_set_data64(&entry, kWoken);
}

void UringCompletion::wake_up()
{
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_up_.get(), &one, sizeof one);
}

Ready UringCompletion::readiness(const CompletionEvent& event) const
{
  return from_poll(event.result);
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
    if (buffers_.free() == 0) buffers_.lend_more();
    starved_.push_back(tag);
  }
}

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
