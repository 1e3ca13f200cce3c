// threads, CPython: listing 1.6. Two threads take turns under one lock: twice the threads, the same
// time.
#include "models.hpp"
#include "script.hpp"

namespace two_cakes {

FibPair run_python_threads(int n) { return pair_of(python().in_threads(python_calls(n))); }

}  // namespace two_cakes
