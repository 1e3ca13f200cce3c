// processes, C++: a child for each job. It gains what threads gain, for the price of a fork each.
#include "base/bytes.hpp"
#include "models.hpp"
#include "tasks/in_children.hpp"

namespace two_cakes {

Answers run_processes(const Workload& workload)
{
  const auto bytes = run_in_children(static_cast<int>(workload.jobs.size()), [&](int i) {
    return to_bytes(perform_blocking(workload.jobs[i], workload.target));
  });
  Answers answers;
  for (const std::string& each : bytes) answers.push_back(from_bytes<Answer>(each));
  return answers;
}

}  // namespace two_cakes
