// blocking and threads, on a CPython that was built without the lock (PEP 703): listings 1.5
// and 1.6, unchanged.
#include "models.hpp"

namespace two_cakes {
namespace {

FreeThreadedPython& free_threaded()
{
  static FreeThreadedPython python;
  return python;
}

}  // namespace

FibPair run_free_threaded_blocking(int n)
{
  return pair_of(free_threaded().one_after_the_other(python_calls(n)));
}

ProgramCosts costs_of_free_threaded() { return free_threaded().costs(); }

FibPair run_free_threaded_threads(int n)
{
  return pair_of(free_threaded().in_threads(python_calls(n)));
}

}  // namespace two_cakes
