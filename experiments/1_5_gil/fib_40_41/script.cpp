#include "script.hpp"

#include "base/errors.hpp"

namespace two_cakes {
namespace {

std::string problem;  // written before the first series begins

}  // namespace

void use_script(const std::string& path)
{
  try {
    Python::interpreter().run_script(path);
  } catch (const Skipped&) {
    // without an interpreter each of its series says so
  } catch (const PythonError& error) {
    problem = path + " raised " + error.what();
  }
}

Python& python()
{
  if (!problem.empty()) throw PythonError(problem);
  return Python::interpreter();
}

}  // namespace two_cakes
