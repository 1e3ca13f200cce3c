// threads, CPython: a threading.Thread for each job. They wait at once, and compute in turns.
#include "models.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

namespace two_cakes {

Answers run_python_threads(const Workload& workload)
{
  return answers_of(Python::interpreter().in_threads(calls_of(workload)), workload);
}

}  // namespace two_cakes
