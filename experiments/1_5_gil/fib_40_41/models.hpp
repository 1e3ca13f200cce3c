// The ways to compute fib(n) and fib(n + 1). Each blocks until both are there.
#pragma once

#include "fib_pair.hpp"
#include "work/python/free_threaded_python.hpp"

namespace two_cakes {

// CPython: its threads share one lock; each of its processes has its own.
FibPair run_python_blocking(int n);   // listing 1.5: one after the other
FibPair run_python_threads(int n);    // listing 1.6: a threading.Thread each
FibPair run_python_processes(int n);  // a forked interpreter each

// CPython built without the lock (PEP 703), where the machine has one.
FibPair run_free_threaded_blocking(int n);
FibPair run_free_threaded_threads(int n);
ProgramCosts costs_of_free_threaded();  // of that program, which nobody reaps

// C++: there is no lock.
FibPair run_blocking(int n);
FibPair run_threads(int n);
FibPair run_processes(int n);
FibPair run_tbb(int n);  // splits the recursion itself, so that two jobs don't bound it

// C++ under SwitchingLock, the imitation: a thread must hold the lock while it computes.
FibPair run_locked_blocking(int n);
FibPair run_locked_threads(int n);
FibPair run_locked_processes(int n);  // a lock each

}  // namespace two_cakes
