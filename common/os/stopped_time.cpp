#include "os/stopped_time.hpp"

#include <signal.h>

#include <atomic>
#include <cerrno>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

std::atomic<Clock::rep> stopped{0};
static_assert(std::atomic<Clock::rep>::is_always_lock_free, "a signal handler writes it");

// With a handler of our own SIGTSTP no longer stops; SIGSTOP always does.
extern "C" void stop_the_clock_too(int)
{
  const int error = errno;
  const auto begin = Clock::now();
  ::raise(SIGSTOP);
  stopped += (Clock::now() - begin).count();
  errno = error;
}

}  // namespace

void leave_out_stopped_time()
{
  struct sigaction action = {};
  action.sa_handler = stop_the_clock_too;
  action.sa_flags = SA_RESTART;
  check_syscall("sigaction", ::sigaction(SIGTSTP, &action, nullptr));
}

Clock::time_point running_time()
{
  for (;;) {
    const Clock::rep before = stopped;
    const auto now = Clock::now();
    if (stopped == before) return now - Clock::duration(before);  // else stopped in between
  }
}

}  // namespace two_cakes
