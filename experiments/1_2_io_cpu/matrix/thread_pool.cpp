// thread_pool: fixed workers, one queue. No more waits at once than there are workers.
#include "tasks/thread_pool.hpp"

#include "models.hpp"

namespace two_cakes {

Answers run_thread_pool(const Workload& workload)
{
  ThreadPool pool(workload.pool_threads);
  std::vector<std::future<Answer>> futures;
  for (const Job& job : workload.jobs)
    futures.push_back(
        pool.submit([&job, &workload] { return perform_blocking(job, workload.target); }));
  // The last first: or each would wake us, and take a core from a worker.
  if (!futures.empty()) futures.back().wait();
  Answers answers;
  for (auto& future : futures) answers.push_back(future.get());
  return answers;
}

}  // namespace two_cakes
