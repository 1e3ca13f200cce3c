// threads, C++: a thread for each job. They wait at once, and compute at once on as many cores as
// there are.
#include "models.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

Answers run_threads(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i)
    threads.push_back(
        start_thread([&, i] { answers[i] = perform_blocking(workload.jobs[i], workload.target); }));
  threads.clear();  // joins them
  return answers;
}

}  // namespace two_cakes
