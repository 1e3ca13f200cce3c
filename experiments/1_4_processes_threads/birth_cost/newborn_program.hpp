// The program that the exec-ing models start, and how its answer comes home.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <string_view>

#include "os/child.hpp"

namespace two_cakes {

/// The command line `newborn <question>`, made before the birth: a child of vfork() may not
/// allocate.
class Arguments {
 public:
  Arguments(std::string path, int question);
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  [[nodiscard]] const char* path() const { return path_.c_str(); }
  [[nodiscard]] char* const* pointers() const { return pointers_.data(); }

  /// In the child: leads a process group of its own, so that Ctrl-C on a terminal reaches the
  /// parent alone, and becomes the program. Ends with exit code 0, which is no answer, where it
  /// can't.
  [[noreturn]] void become() const;

 private:
  std::string path_;
  std::string question_;
  std::array<char*, 3> pointers_{};
};

/// The executable `newborn`, beside our own. Throws Skipped where it isn't there.
class NewbornProgram {
 public:
  NewbornProgram();
  [[nodiscard]] Arguments arguments(int question) const { return {path_, question}; }

 private:
  std::string path_;
};

/// Waits for the child `pid` that `call` has made, reaps and counts it, and returns its answer.
/// Where `pid` is -1, throws SyscallError from errno, naming the limit; std::runtime_error where a
/// signal killed it.
int reap_answer(std::string_view call, pid_t pid);

/// The exit code. Throws std::runtime_error where a signal ended the child: there is no answer
/// then.
int answer_in(const ExitStatus& status);

}  // namespace two_cakes
