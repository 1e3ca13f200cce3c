// Signals as callbacks. A handler may do next to nothing, and runs in the middle of anything; so it
// notes the signal, and rings the loop's bell.
#pragma once

#include <signal.h>

#include <functional>
#include <map>
#include <vector>

#include "tasks/wake_up.hpp"

namespace two_cakes {

/// The signals that one loop handles. A signal is a process's: two loops can't share one.
class SignalCalls {
 public:
  using Callback = std::function<void()>;

  /// `bell` is rung from inside signal handlers, and outlives this object.
  explicit SignalCalls(const WakeUp& bell) : bell_(bell) {}
  SignalCalls(const SignalCalls&) = delete;
  SignalCalls& operator=(const SignalCalls&) = delete;
  /// Gives each signal back to whoever had it.
  ~SignalCalls();

  /// Throws SyscallError: EINVAL for what can't be handled (SIGKILL), EBUSY where another loop
  /// handles it.
  void add(int number, Callback callback);
  /// False where it wasn't handled here.
  bool remove(int number);

  /// The callbacks of the signals that came since the last call; of several of one kind, once.
  std::vector<Callback> take();

 private:
  struct Handled {
    Callback callback;
    struct sigaction before;
  };
  const WakeUp& bell_;
  std::map<int, Handled> handled_;
};

}  // namespace two_cakes
