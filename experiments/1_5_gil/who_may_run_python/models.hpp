// Who may run: one after the other, threads, or processes; in CPython and in C++. Each blocks until
// all jobs are done.
#pragma once

#include "work/job.hpp"

namespace two_cakes {

Answers run_python_blocking(const Workload& workload);
Answers run_python_threads(const Workload& workload);
Answers run_python_processes(const Workload& workload);

Answers run_blocking(const Workload& workload);
Answers run_threads(const Workload& workload);
Answers run_processes(const Workload& workload);

}  // namespace two_cakes
