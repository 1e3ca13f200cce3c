// tbb: oneTBB's work stealing. Made for computing: one worker for each core, so few waits at once.
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include "models.hpp"

namespace two_cakes {

Answers run_tbb(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  const auto one_job = [&](std::size_t i) {
    answers[i] = perform_blocking(workload.jobs[i], workload.target);
  };
  // Its workers end with the run, as those of every other model do: else they'd count in the next
  // one.
  tbb::task_scheduler_handle workers{tbb::attach{}};
  // simple_partitioner: jobs are few and long, so each may be stolen alone.
  tbb::parallel_for(std::size_t{0}, workload.jobs.size(), one_job, tbb::simple_partitioner{});
  tbb::finalize(workers, std::nothrow);
  return answers;
}

}  // namespace two_cakes
