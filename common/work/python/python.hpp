// CPython inside this process, and the three ways in which section 1.5 lets it run the chapter's
// functions. Built from without_python.cpp where the machine has no Python to embed: then
// everything here throws Skipped.
#pragma once

#include <chrono>
#include <string>

#include "work/python/call.hpp"

namespace two_cakes {

/// The one interpreter of this process, with its one lock. Any thread may call; each call blocks
/// until all is done, and takes the lock itself: don't hold it. The first exception of a Python
/// function becomes a PythonError; the interpreter goes on.
class Python {
 public:
  /// Starts CPython at the first call (20 ms); it runs until the process ends. It takes no signal,
  /// and reads none of the environment: the standard library is that of the Python that the build
  /// found, whatever comes first on PATH. Throws Skipped, with the remedy, where the build has no
  /// Python or where this one lacks what is needed.
  static Python& interpreter();

  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;

  /// "3.11.2"
  [[nodiscard]] std::string version() const;

  /// Runs the file at `path` on top of chapter.py, so that its functions take the place of those of
  /// the same name. Throws UsageError where it can't be read, PythonError where it raises.
  void run_script(const std::string& path);

  /// The calls in turn, on the calling thread.
  PythonValues one_after_the_other(const PythonCalls& calls);

  /// A threading.Thread for each call.
  PythonValues in_threads(const PythonCalls& calls);

  /// A forked child for each call, with CPython's own hooks around the fork (os.register_at_fork
  /// sees it). Nothing is shared: answers come back through pipes. A child that dies fails this
  /// call alone: std::runtime_error says which, and how it ended. Children die with the calling
  /// thread.
  PythonValues in_children(const PythonCalls& calls);

  /// For how long a thread waits for the lock before it asks for it (sys.setswitchinterval).
  /// Returns what was set.
  std::chrono::microseconds set_switch_interval(std::chrono::microseconds interval);

 private:
  Python();
};

}  // namespace two_cakes
