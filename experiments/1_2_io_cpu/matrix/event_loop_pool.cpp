// event_loop_pool: the loop waits for everybody, and computing is handed to a pool of threads, so
// that nobody is held up.
#include "coroutine_request.hpp"
#include "models.hpp"
#include "os/affinity.hpp"

namespace two_cakes {
namespace {

Task<> perform(EventLoop& loop, ThreadPool& pool, const Target& target, const Job& job,
               Answer& answer, std::size_t& unfinished)
{
  try {
    if (job.wait.count() > 0) co_await wait_for_reply(target, job);
    if (job.fib != 0) co_await in_pool(pool, [&] { answer.fib_value = compute(job); });
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  if (--unfinished == 0) loop.stop();
}

}  // namespace

Answers run_event_loop_pool(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  std::size_t unfinished = answers.size();
  EventLoop loop;
  ThreadPool pool(usable_cores());
  for (std::size_t i = 0; i < answers.size(); ++i)
    loop.spawn(perform(loop, pool, workload.target, workload.jobs[i], answers[i], unfinished));
  loop.call_at(Clock::now() + workload.target.deadline, [&loop] { loop.stop(); });
  if (unfinished > 0) loop.run();
  fail_unfinished(answers);
  return answers;
}

}  // namespace two_cakes
