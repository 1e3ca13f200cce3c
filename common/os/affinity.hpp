// Which cores a thread may run on.
#pragma once

#include <vector>

namespace two_cakes {

/// The numbers of the cores that this thread may run on (taskset and containers narrow them).
std::vector<int> allowed_cores();

/// How many cores the process can really use: the allowed ones, or fewer under a control group's
/// CPU quota. At least 1. Everything that scales with the machine follows this number.
int usable_cores();

/// The control group's CPU quota in cores (1.5 means 150 %); 0 where there is none.
double cpu_quota_cores();

/// The number of the core on which the calling thread runs at this moment; -1 where the system
/// can't tell. Costs a few nanoseconds: no system call on Linux (vDSO, getcpu(2)). It may be out of
/// date as soon as it is read, unless the thread is pinned.
int current_core();

/// Binds the calling thread, and children made later, to `cores`. Throws SyscallError.
void pin_this_thread(const std::vector<int>& cores);

/// Binds the calling thread for the life of the object, then gives it its former cores back.
class ScopedPin {
 public:
  explicit ScopedPin(const std::vector<int>& cores);
  ScopedPin(const ScopedPin&) = delete;
  ScopedPin& operator=(const ScopedPin&) = delete;
  ~ScopedPin();

 private:
  std::vector<int> before_;
};

}  // namespace two_cakes
