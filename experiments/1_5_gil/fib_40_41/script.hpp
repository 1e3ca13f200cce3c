// The interpreter as this experiment uses it: with a script of the user's on top of the chapter's
// functions.
#pragma once

#include <string>

#include "work/python/python.hpp"

namespace two_cakes {

/// Runs the file at `path`, so that its `fib` replaces the chapter's. Throws UsageError where it
/// can't be read. Where it raises, the traceback is on stderr, and every series of this interpreter
/// will say so; the others run.
void use_script(const std::string& path);

/// The interpreter. Throws Skipped, or PythonError where the script has failed.
Python& python();

}  // namespace two_cakes
