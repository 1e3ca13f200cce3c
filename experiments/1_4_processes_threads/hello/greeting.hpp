// What somebody says of himself, and what the system shows of him to others.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>

namespace two_cakes {

/// Plain numbers and letters: it also comes home from a child.
struct Greeting {
  pid_t process = 0;  // getpid(): the same for all threads of a process
  pid_t parent = 0;   // getppid()
  pid_t thread = 0;   // gettid(): a number of its own for each; the first thread's is the process's
  int threads = 0;    // how many threads the process has
  std::array<char, 16> name{};  // as long as the kernel lets it be, with its zero

  /// Whether both are of the same thread with the same name. The number of threads may differ by
  /// one that has been joined, and that the kernel is still taking off its list.
  [[nodiscard]] bool is_of_same(const Greeting& other) const;
  /// "process 12 of parent 11, thread 12 'hello', 1 thread"
  [[nodiscard]] std::string to_string() const;
};

/// Gives the calling thread `name` (at most 15 letters), and greets. Throws SyscallError.
Greeting greet(const std::string& name);

/// The same of another thread, read from /proc as `ps` and `top` do. Throws Skipped where there is
/// no /proc, std::runtime_error where it shows no such thread. Blocks on small files.
Greeting seen_in_proc(pid_t process, pid_t thread);

}  // namespace two_cakes
