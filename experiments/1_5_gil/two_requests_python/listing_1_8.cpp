// threads, CPython: listing 1.8. A thread that waits for its reply has let the lock go, so that the
// other one can ask for its own.
#include "models.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

namespace two_cakes {

Answers run_listing_1_8(const Workload& workload)
{
  return answers_of(Python::interpreter().in_threads(calls_of(workload)), workload);
}

}  // namespace two_cakes
