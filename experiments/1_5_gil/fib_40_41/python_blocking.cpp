// blocking, CPython: listing 1.5. One number after the other, on one thread.
#include "models.hpp"
#include "script.hpp"

namespace two_cakes {

FibPair run_python_blocking(int n)
{
  return pair_of(python().one_after_the_other(python_calls(n)));
}

}  // namespace two_cakes
