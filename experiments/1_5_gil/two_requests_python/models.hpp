// The ways to make the requests. Each blocks until all replies are there.
#pragma once

#include "work/job.hpp"

namespace two_cakes {

Answers run_listing_1_7(const Workload& workload);   // CPython, one after the other
Answers run_listing_1_8(const Workload& workload);   // CPython, a threading.Thread each
Answers run_cpp_blocking(const Workload& workload);  // C++, one after the other
Answers run_cpp_threads(const Workload& workload);   // C++, a thread each

}  // namespace two_cakes
