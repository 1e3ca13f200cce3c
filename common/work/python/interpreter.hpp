// The interpreter: its start, and how to let it call something. Only for the files of this folder:
// interpreter.cpp alone knows pybind11.
#pragma once

#include <string>

#include "work/python/call.hpp"

namespace two_cakes::embedded {

/// Starts CPython and loads chapter.py; the calling thread doesn't hold the lock afterwards. Throws
/// Skipped.
void start();

/// "3.11.2 (main, ...)"
std::string version();

/// Lets `way`, a function of chapter.py, make the calls: one_after_the_other or in_threads. Takes
/// the lock, and blocks until all have returned. What Python raises is a PythonError, its traceback
/// on stderr.
PythonValues make_calls(const char* way, const PythonCalls& calls);

/// Runs a script on top of chapter.py's functions; tracebacks name its `path`. Takes the lock,
/// blocks, and throws as make_calls() does.
void run_script(const std::string& text, const std::string& path);

}  // namespace two_cakes::embedded
