// processes, CPython: a forked interpreter for each job, with a lock of its own. They wait and
// compute at once.
#include "models.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

namespace two_cakes {

Answers run_python_processes(const Workload& workload)
{
  return answers_of(Python::interpreter().in_children(calls_of(workload)), workload);
}

}  // namespace two_cakes
