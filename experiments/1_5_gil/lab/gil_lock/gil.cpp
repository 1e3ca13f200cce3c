#include "gil.hpp"

// BEGIN SOLUTION
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
// END SOLUTION

// What the lock remembers. The lock that threads hold for long is a word in here; the std::mutex
// that guards the words is held for moments only.
struct Gil::State {
  // BEGIN SOLUTION
  explicit State(Interval interval) : switch_interval(interval) {}

  const Interval switch_interval;
  mutable std::mutex mutex;
  std::condition_variable released;         // acquire() waits for it
  std::condition_variable switched;         // and release() for this, where it must
  std::atomic<std::thread::id> holder;      // nobody: std::thread::id()
  std::atomic<bool> drop_requested{false};  // atomic: checkpoint() looks without the mutex
  std::thread::id last_holder;
  std::uint64_t switches = 0;
  // END SOLUTION
};

Gil::Gil(Interval switch_interval)
{
  // BEGIN SOLUTION
  // STUB: (void)switch_interval;
  state_ = std::make_unique<State>(switch_interval);
  // END SOLUTION
}

Gil::~Gil() = default;

void Gil::acquire()
{
  // BEGIN SOLUTION
  if (held()) throw std::logic_error("acquire: this thread holds the lock already");
  State& state = *state_;
  const std::thread::id nobody;
  std::unique_lock guard(state.mutex);
  while (state.holder.load() != nobody) {
    const std::uint64_t switches_before = state.switches;
    const auto why = state.released.wait_for(guard, state.switch_interval);
    // If somebody else got it meanwhile, that one has only begun: it gets its interval, too.
    const bool nothing_moved = state.holder.load() != nobody && state.switches == switches_before;
    if (why == std::cv_status::timeout && nothing_moved) state.drop_requested = true;
  }
  state.holder = std::this_thread::get_id();
  state.drop_requested = false;
  if (state.last_holder != std::this_thread::get_id()) {
    state.last_holder = std::this_thread::get_id();
    ++state.switches;
    state.switched.notify_all();
  }
  // END SOLUTION
}

void Gil::release()
{
  // BEGIN SOLUTION
  if (!held()) throw std::logic_error("release: this thread doesn't hold the lock");
  State& state = *state_;
  std::unique_lock guard(state.mutex);
  const std::uint64_t switches_before = state.switches;
  const bool asked = state.drop_requested;
  state.holder = std::thread::id();
  state.released.notify_one();
  // We are awake, and whoever asked must wake up first: without this wait, we would come back and
  // take the lock again before it has even begun to run.
  if (asked) state.switched.wait(guard, [&] { return state.switches != switches_before; });
  // END SOLUTION
}

void Gil::checkpoint()
{
  // BEGIN SOLUTION
  if (!state_->drop_requested.load(std::memory_order_relaxed)) return;
  release();
  acquire();
  // END SOLUTION
}

bool Gil::held() const
{
  // BEGIN SOLUTION
  // STUB: return false;
  return state_->holder.load(std::memory_order_relaxed) == std::this_thread::get_id();
  // END SOLUTION
}

bool Gil::drop_requested() const
{
  // BEGIN SOLUTION
  // STUB: return false;
  return state_->drop_requested.load(std::memory_order_relaxed);
  // END SOLUTION
}

std::uint64_t Gil::switches() const
{
  // BEGIN SOLUTION
  // STUB: return 0;
  const std::lock_guard guard(state_->mutex);
  return state_->switches;
  // END SOLUTION
}

WithGil::WithGil(Gil& gil) : gil_(gil)
{
  // BEGIN SOLUTION
  gil_.acquire();
  // END SOLUTION
}

WithGil::~WithGil()
{
  // BEGIN SOLUTION
  gil_.release();
  // END SOLUTION
}

WithoutGil::WithoutGil(Gil& gil) : gil_(gil)
{
  // BEGIN SOLUTION
  gil_.release();
  // END SOLUTION
}

WithoutGil::~WithoutGil()
{
  // BEGIN SOLUTION
  gil_.acquire();
  // END SOLUTION
}

std::size_t read_without(Gil& gil, int fd, void* to, std::size_t bytes)
{
  // BEGIN SOLUTION
  // STUB: (void)gil;
  // STUB: (void)fd;
  // STUB: (void)to;
  // STUB: (void)bytes;
  // STUB: return 0;
  const WithoutGil released(gil);
  for (;;) {
    const ssize_t count = ::read(fd, to, bytes);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "read");
  }
  // END SOLUTION
}
