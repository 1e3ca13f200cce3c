// The start of the interpreter, and what its functions look like from C++. Only for the files of
// this folder.
#pragma once

#include <pybind11/embed.h>

#include <functional>

#include "work/python/call.hpp"

namespace two_cakes::embedded {

/// Starts CPython and loads chapter.py; the calling thread doesn't hold the lock afterwards. Throws
/// Skipped.
void start();

/// The functions of chapter.py, and of a script on top. Hold the lock.
pybind11::dict functions();

/// Runs `body` with the lock held, and turns what Python raises into a PythonError, its traceback
/// on stderr.
void with_lock(const std::function<void()>& body);

/// A list of (function, arguments), as chapter.py's one_after_the_other and in_threads take it.
/// Hold the lock.
pybind11::list python_calls(const PythonCalls& calls);

PythonValue from_python(pybind11::handle value);

}  // namespace two_cakes::embedded
