// blocking, C++: one job after the other.
#include "models.hpp"

namespace two_cakes {

Answers run_blocking(const Workload& workload)
{
  Answers answers;
  for (const Job& job : workload.jobs) answers.push_back(perform_blocking(job, workload.target));
  return answers;
}

}  // namespace two_cakes
