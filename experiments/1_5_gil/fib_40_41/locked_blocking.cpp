// blocking under the imitated lock: nobody else wants it, so it costs a look at each call.
#include "locked_fib.hpp"
#include "models.hpp"

namespace two_cakes {

FibPair run_locked_blocking(int n)
{
  SwitchingLock lock;
  return {locked_fib(n, lock), locked_fib(n + 1, lock)};
}

}  // namespace two_cakes
