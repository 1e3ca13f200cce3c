#include "wait/uring_ring.hpp"

#ifdef TWO_CAKES_HAS_LIBURING

#include <cerrno>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

constexpr unsigned kSubmissions = 4096;
constexpr unsigned kCompletions = 4 * kSubmissions;

int set_up(io_uring& ring, unsigned flags)
{
  io_uring_params parameters{};
  // Disabled at first: the ring's thread is the one that enables it, not the one that makes it.
  parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_R_DISABLED |
                     IORING_SETUP_SINGLE_ISSUER | flags;
  parameters.cq_entries = kCompletions;
  return io_uring_queue_init_params(kSubmissions, &ring, &parameters);
}

}  // namespace

UringRing::UringRing(bool deferred)
{
  int result = deferred ? set_up(ring_, IORING_SETUP_DEFER_TASKRUN) : -EINVAL;
  if (result == -EINVAL) result = set_up(ring_, IORING_SETUP_COOP_TASKRUN);
  if (result == -EINVAL || result == -ENOSYS)
    throw Skipped("io_uring: this kernel has none, or one from before Linux 6.0");
  if (result == -EPERM || result == -EACCES)
    throw Skipped(
        "io_uring: the kernel forbids it (sysctl kernel.io_uring_disabled, or a seccomp filter, as "
        "in containers)");
  if (result == -ENOMEM)
    throw Skipped("io_uring: no memory may be locked for its ring (RLIMIT_MEMLOCK: ulimit -l)");
  if (result < 0) throw SyscallError(-result, "io_uring_setup");
}

UringRing::~UringRing()
{
  // The kernel searches for each of them from the start: 10,000 took it 0.7 s.
  if (under_way_ <= 1'000) {
    io_uring_sync_cancel_reg everything{};
    everything.flags = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL;
    everything.timeout = {.tv_sec = 1, .tv_nsec = 0};
    io_uring_register_sync_cancel(&ring_, &everything);
  }
  io_uring_queue_exit(&ring_);
}

io_uring_sqe& UringRing::next_submission()
{
  io_uring_sqe* entry = io_uring_get_sqe(&ring_);
  if (entry == nullptr) {
    enable();
    const int result = io_uring_submit(&ring_);
    entry = io_uring_get_sqe(&ring_);
    if (entry == nullptr) throw SyscallError(result < 0 ? -result : EBUSY, "io_uring_enter");
  }
  ++under_way_;
  return *entry;
}

void UringRing::submit_and_wait(const TimeLeft& left)
{
  enable();
  int result = 0;
  if (left.only_look()) {
    result = io_uring_submit_and_get_events(&ring_);
  } else if (left.for_ever()) {
    result = io_uring_submit_and_wait(&ring_, 1);
  } else {
    __kernel_timespec time{.tv_sec = left.get()->tv_sec, .tv_nsec = left.get()->tv_nsec};
    io_uring_cqe* first = nullptr;
    result = io_uring_submit_and_wait_timeout(&ring_, &first, 1, &time, nullptr);
  }
  const bool over = result == -EINTR || result == -ETIME || result == -EAGAIN || result == -EBUSY;
  if (result < 0 && !over) throw SyscallError(-result, "io_uring_enter");
}

void UringRing::enable()
{
  if (enabled_) return;
  // liburing 2.3 declares io_uring_enable_rings(), and forgot to export it.
  const auto file = static_cast<unsigned>(ring_.ring_fd);
  const int result = io_uring_register(file, IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
  if (result < 0) throw SyscallError(-result, "io_uring_register");
  io_uring_register_ring_fd(&ring_);  // spares each call the look-up of a descriptor
  enabled_ = true;
}

}  // namespace two_cakes

#endif
