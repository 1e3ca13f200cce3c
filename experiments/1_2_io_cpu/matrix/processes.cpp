// processes: a child for each job. Nothing is shared: the answer comes back through a pipe.
#include "base/errors.hpp"
#include "models.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

struct Running {
  Child child;
  UniqueFd answer;
};

Running start(const Job& job, const Target& target)
{
  Pipe pipe = make_pipe();
  Child child = Child::fork([&] {
    const Answer answer = perform_blocking(job, target);
    write_all(pipe.write_end, {reinterpret_cast<const char*>(&answer), sizeof answer});
    return 0;
  });
  return {std::move(child), std::move(pipe.read_end)};
}

Answer collect(Running& running, const Job& job)
{
  Answer answer{.number = job.number};
  const bool came = read_exactly(running.answer, {reinterpret_cast<char*>(&answer), sizeof answer});
  const ExitStatus status = running.child.wait();
  if (!came) answer.fail("its process was lost: " + status.to_string());
  return answer;
}

}  // namespace

Answers run_processes(const Workload& workload)
{
  std::vector<Running> running;
  for (const Job& job : workload.jobs) running.push_back(start(job, workload.target));
  Answers answers;
  for (std::size_t i = 0; i < running.size(); ++i)
    answers.push_back(collect(running[i], workload.jobs[i]));
  return answers;
}

}  // namespace two_cakes
