// CPython without its lock: a free-threaded build (PEP 703), where the machine has one.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "os/child.hpp"
#include "work/python/call.hpp"

namespace two_cakes {

/// What another process has cost since it began.
struct ProgramCosts {
  double cpu_s = 0;  // user and system time
  double peak_memory_bytes = 0;
};

/// Another Python program, which runs the chapter's functions for us: a process can hold one
/// libpython, and the one in this process has the lock. Requests and answers go through a socket
/// (50 us), so what is measured is its work. One thread. Ends with the object, and with the thread
/// that made it.
class FreeThreadedPython {
 public:
  /// Starts $FREE_THREADED_PYTHON where that is set, else the first of python3.14t and python3.13t
  /// on PATH, and blocks until it is ready. Throws Skipped where there is none, where it has the
  /// lock after all, or where it isn't ready by `deadline`.
  explicit FreeThreadedPython(std::chrono::milliseconds deadline = std::chrono::seconds(10));

  /// "3.13.5"
  [[nodiscard]] const std::string& version() const { return version_; }

  /// As Python::one_after_the_other and Python::in_threads. A program that died is a SyscallError.
  PythonValues one_after_the_other(const PythonCalls& calls)
  {
    return ask("one_after_the_other", calls);
  }
  PythonValues in_threads(const PythonCalls& calls) { return ask("in_threads", calls); }

  /// What the program has cost so far: it lives on, so the costs of reaped children don't have it.
  [[nodiscard]] ProgramCosts costs() const;

 private:
  PythonValues ask(const std::string& way, const PythonCalls& calls);

  UniqueFd channel_;
  std::optional<Child> child_;
  std::string version_;
};

}  // namespace two_cakes
