// The interface of python.hpp on a machine that has no Python to embed: whoever asks is skipped,
// with the reason.
#include "base/errors.hpp"
#include "work/python/python.hpp"

namespace two_cakes {
namespace {

[[noreturn]] void skip()
{
  throw Skipped(
      "this build has no CPython: install python3-dev and pybind11-dev (make setup), then build "
      "again");
}

}  // namespace

Python& Python::interpreter() { skip(); }
std::string Python::version() const { skip(); }
void Python::run_script(const std::string&) { skip(); }
PythonValues Python::one_after_the_other(const PythonCalls&) { skip(); }
PythonValues Python::in_threads(const PythonCalls&) { skip(); }
PythonValues Python::in_children(const PythonCalls&) { skip(); }
std::chrono::microseconds Python::set_switch_interval(std::chrono::microseconds) { skip(); }

}  // namespace two_cakes
