// Child processes that are always reaped, and that never outlive their parent.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace two_cakes {

/// How a child ended: an exit code, or the signal that killed it.
struct ExitStatus {
  int exit_code = 0;
  int signal = 0;  // 0 where it exited by itself

  [[nodiscard]] bool good() const { return exit_code == 0 && signal == 0; }
  /// "exit code 3" or "killed by SIGKILL".
  [[nodiscard]] std::string to_string() const;
};

/// One child process. The destructor kills it with SIGKILL if it still runs, and reaps it.
///
/// It is killed, too, when the *thread* that made it ends: that is how the kernel defines "dies
/// with its parent" (PR_SET_PDEATHSIG). Make children from a thread that outlives them. Each child
/// leads a process group of its own, so that Ctrl-C on a terminal reaches the parent alone, which
/// decides.
class Child {
 public:
  /// Forks and runs `body` in the child; what it returns is the exit code. An exception that leaves
  /// it is printed on stderr and becomes exit code 1. The child ends by _exit(): no destructor and
  /// no atexit handler of the parent runs twice. Throws SyscallError; EAGAIN names the limit.
  static Child fork(const std::function<int()>& body);

  /// Starts the program `arguments[0]` (a path, or a name looked up on PATH). The descriptors in
  /// `inherited` stay open in it under the same numbers; all others close. Throws SyscallError,
  /// also when the program can't be executed.
  static Child exec(const std::vector<std::string>& arguments,
                    const std::vector<int>& inherited = {});

  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Blocks until the child has ended, reaps it, and tells how it ended. Call it once.
  ExitStatus wait();

  /// The same, but nothing where the child still runs. Never blocks.
  std::optional<ExitStatus> try_wait();

  /// Sends a signal. No effect on a child that was reaped.
  void send_signal(int signal) const;

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  std::optional<ExitStatus> reap(int options);
  void kill_and_reap() noexcept;

  pid_t pid_ = -1;
};

/// What the reaped children of this process have cost so far.
struct ChildTotals {
  std::size_t reaped = 0;
  std::size_t peak_memory_bytes = 0;  // the sum of each one's own peak
};

/// The totals since the process began. Any thread.
ChildTotals child_totals();

/// For children that are made by other means than Child (vfork(), posix_spawn()): they count in all
/// totals too. Any thread.
void count_child_born();
void count_child_reaped(std::size_t peak_memory_bytes);

/// How many children live now, and the most that lived at once since the last reset. Any thread.
std::size_t living_children();
std::size_t peak_living_children();
void reset_peak_living_children();

}  // namespace two_cakes
