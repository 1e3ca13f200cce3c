#include "harness/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string_view>

#include "base/exit_code.hpp"

namespace two_cakes {
namespace {

std::atomic<bool> interrupt_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

void on_interrupt(int)
{
  if (interrupt_requested.exchange(true)) ::_exit(kInterrupted);
  constexpr std::string_view kNotice =
      "\nInterrupted: this series is finished first; Ctrl-C again stops at once.\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kNotice.data(), kNotice.size());
}

}  // namespace

void catch_interrupts()
{
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
}

bool interrupted() { return interrupt_requested; }

}  // namespace two_cakes
