#include "work/python/python.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "work/python/interpreter.hpp"

namespace two_cakes {
namespace {

std::string read_script(const std::string& path)
{
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf()))
    throw UsageError(
        fmt::format("{}: this script can't be read; give the path of a Python file", path));
  return text.str();
}

}  // namespace

Python& Python::interpreter()
{
  static Python python;  // where its constructor throws, the next call tries again
  return python;
}

Python::Python() { embedded::start(); }

std::string Python::version() const
{
  const std::string text = embedded::version();
  return text.substr(0, text.find(' '));
}

void Python::run_script(const std::string& path) { embedded::run_script(read_script(path), path); }

PythonValues Python::one_after_the_other(const PythonCalls& calls)
{
  return embedded::make_calls("one_after_the_other", calls);
}

PythonValues Python::in_threads(const PythonCalls& calls)
{
  return embedded::make_calls("in_threads", calls);
}

std::chrono::microseconds Python::set_switch_interval(std::chrono::microseconds interval)
{
  const PythonCalls calls{{"set_switch_interval", {to_seconds(interval)}}};
  const double before_s = std::get<double>(one_after_the_other(calls).front());
  return std::chrono::round<std::chrono::microseconds>(Seconds(before_s));
}

}  // namespace two_cakes
