// The task in a child process that says nothing: its end is the news, and its result lies in memory
// that both share.
#pragma once

#include <sys/mman.h>

#include <new>
#include <stdexcept>

#include "base/errors.hpp"
#include "long_task.hpp"
#include "os/child.hpp"

namespace two_cakes {

/// Room for an Ending that parent and child both see. Owns it.
class SharedEnding {
 public:
  SharedEnding()
  {
    void* memory =
        ::mmap(nullptr, sizeof(Ending), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw_syscall_error("mmap", "a shared page");
    ending_ = new (memory) Ending;
  }
  SharedEnding(const SharedEnding&) = delete;
  SharedEnding& operator=(const SharedEnding&) = delete;
  ~SharedEnding() { ::munmap(ending_, sizeof(Ending)); }

  /// Read it once the child has ended: waiting for that is what orders the two.
  [[nodiscard]] Ending& get() { return *ending_; }

 private:
  Ending* ending_;
};

/// Starts the task in a child, which leaves its result in `shared` and exits.
inline Child start_in_child(const LongTask& task, SharedEnding& shared)
{
  return Child::fork([&] {
    shared.get() = task.run();
    return 0;
  });
}

/// Throws unless the child that has the task ended well.
inline void check_child(const ExitStatus& status)
{
  if (!status.good())
    throw std::runtime_error("the task's process was lost: " + status.to_string());
}

}  // namespace two_cakes
