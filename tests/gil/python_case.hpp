// What the tests of the interpreter share: calls, their answers, and a way to run a line of Python.
#pragma once

#include <functional>
#include <string>

#include "work/fibonacci.hpp"
#include "work/python/python.hpp"

namespace two_cakes::testing {

inline PythonCalls fibs(int from, int to)
{
  PythonCalls calls;
  for (int n = from; n <= to; ++n) calls.push_back({"fib", {std::int64_t{n}}});
  return calls;
}

inline PythonValues known_fibs(int from, int to)
{
  PythonValues values;
  for (int n = from; n <= to; ++n) values.emplace_back(static_cast<std::int64_t>(known_fib(n)));
  return values;
}

/// Runs lines of Python in their own namespace, and returns what they left in `result`, as text.
std::string run_python(const std::string& lines);

/// Makes `lines` available to calls, as a script of the user's is: a file, on top of the chapter's
/// functions.
void load_script(const std::string& lines);

/// What went to stderr while `body` ran.
std::string stderr_of(const std::function<void()>& body);

}  // namespace two_cakes::testing
