// The jobs of section 1.2, done by CPython: the same work, and the same proof that it was done.
#pragma once

#include "work/job.hpp"
#include "work/python/call.hpp"

namespace two_cakes {

/// A call for each job: get_page for one that waits, fib for one that computes. Throws UsageError
/// for one that does both.
PythonCalls calls_of(const Workload& workload);

/// What the calls returned as answers, for check_answers(). A page is checked here: throws
/// WrongAnswer where its status isn't 200, or where it isn't the job's own.
Answers answers_of(const PythonValues& values, const Workload& workload);

}  // namespace two_cakes
