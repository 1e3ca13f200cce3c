// blocking, CPython: one job after the other.
#include "models.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

namespace two_cakes {

Answers run_python_blocking(const Workload& workload)
{
  return answers_of(Python::interpreter().one_after_the_other(calls_of(workload)), workload);
}

}  // namespace two_cakes
