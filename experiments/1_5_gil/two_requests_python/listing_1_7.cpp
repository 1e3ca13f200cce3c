// blocking, CPython: listing 1.7. The second request begins when the first reply is there.
#include "models.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

namespace two_cakes {

Answers run_listing_1_7(const Workload& workload)
{
  return answers_of(Python::interpreter().one_after_the_other(calls_of(workload)), workload);
}

}  // namespace two_cakes
