// processes, CPython: two interpreters, two locks. Nobody waits for anybody.
#include "models.hpp"
#include "script.hpp"

namespace two_cakes {

FibPair run_python_processes(int n) { return pair_of(python().in_children(python_calls(n))); }

}  // namespace two_cakes
