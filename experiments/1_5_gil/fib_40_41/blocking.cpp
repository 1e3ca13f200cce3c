// blocking, C++: one number after the other, on one thread.
#include "models.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {

FibPair run_blocking(int n) { return {fib(n), fib(n + 1)}; }

}  // namespace two_cakes
