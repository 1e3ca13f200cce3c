// The models of the vocabulary, all with one contract: run these jobs, and answer each, in their
// order. Each blocks until all is done, cleans up after itself, and throws only where it can't
// begin.
#pragma once

#include "work/job.hpp"

namespace two_cakes {

Answers run_blocking(const Workload& workload);     // one job at a time
Answers run_threads(const Workload& workload);      // a thread for each job
Answers run_thread_pool(const Workload& workload);  // pool_threads workers, one queue
Answers run_tbb(const Workload& workload);        // oneTBB's work stealing, a worker for each core
Answers run_processes(const Workload& workload);  // a child for each job
Answers run_process_pool(const Workload& workload);  // pool_processes children, made once
Answers run_event_loop(const Workload& workload);    // one thread, callbacks on readiness
Answers run_coroutines(const Workload& workload);    // the same loop, written straight down
Answers run_event_loop_pool(
    const Workload& workload);  // the loop waits, a pool of threads computes

}  // namespace two_cakes
