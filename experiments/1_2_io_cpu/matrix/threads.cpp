// threads: a thread for each job. The kernel switches between them, and runs as many at once as
// there are cores.
#include <system_error>
#include <thread>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {

Answers run_threads(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  std::vector<std::jthread>
      threads;  // joins at the end of the scope, also where starting one more fails
  try {
    for (std::size_t i = 0; i < workload.jobs.size(); ++i)
      threads.emplace_back(
          [&, i] { answers[i] = perform_blocking(workload.jobs[i], workload.target); });
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
  threads.clear();
  return answers;
}

}  // namespace two_cakes
