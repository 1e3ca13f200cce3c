// process_pool: children made once. Jobs and answers travel as bytes: what one process holds is no
// object in another.
#include "tasks/process_pool.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "models.hpp"

namespace two_cakes {

Answers run_process_pool(const Workload& workload)
{
  ProcessPool pool(workload.pool_processes, [&workload](std::string_view job) {
    return to_bytes(perform_blocking(from_bytes<Job>(job), workload.target));
  });
  std::vector<std::string> jobs(workload.jobs.size());
  std::transform(workload.jobs.begin(), workload.jobs.end(), jobs.begin(), to_bytes<Job>);

  Answers answers = blank_answers(workload);
  const std::vector<ProcessResult> results = pool.map(jobs);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].good()) answers[i] = from_bytes<Answer>(results[i].bytes);
    else answers[i].fail(results[i].problem);
  }
  return answers;
}

}  // namespace two_cakes
