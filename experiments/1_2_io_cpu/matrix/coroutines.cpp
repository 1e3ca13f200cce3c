// coroutines: the same loop and the same system calls as event_loop, but a job reads from top to
// bottom.
#include "coroutine_request.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

Task<> perform(EventLoop& loop, const Target& target, const Job& job, Answer& answer,
               std::size_t& unfinished)
{
  try {
    if (job.wait.count() > 0) co_await wait_for_reply(target, job);
    answer.fib_value = compute(job);  // on the loop's thread: everybody else waits meanwhile
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  if (--unfinished == 0) loop.stop();
}

}  // namespace

Answers run_coroutines(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  std::size_t unfinished = answers.size();
  EventLoop loop;
  for (std::size_t i = 0; i < answers.size(); ++i)
    loop.spawn(perform(loop, workload.target, workload.jobs[i], answers[i], unfinished));
  loop.call_at(Clock::now() + workload.target.deadline, [&loop] { loop.stop(); });
  if (unfinished > 0) loop.run();
  fail_unfinished(answers);
  return answers;
}

}  // namespace two_cakes
