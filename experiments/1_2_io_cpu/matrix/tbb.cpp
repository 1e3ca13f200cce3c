// tbb: oneTBB's work stealing. Made for computing: one worker for each core, so few waits at once.
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

/// oneTBB says that pthread_create has failed, and not which limit stands behind it.
[[noreturn]] void rethrow_with_limit(const std::runtime_error& error)
{
  if (std::string(error.what()).find("pthread_create") == std::string::npos) throw;
  throw SyscallError(EAGAIN, "start a thread", limit_behind(EAGAIN));
}

}  // namespace

Answers run_tbb(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  const auto one_job = [&](std::size_t i) {
    answers[i] = perform_blocking(workload.jobs[i], workload.target);
  };
  // Its workers end with the run, as those of every other model do: else they'd count in the next
  // one.
  tbb::task_scheduler_handle workers{tbb::attach{}};
  try {
    // simple_partitioner: jobs are few and long, so each may be stolen alone.
    tbb::parallel_for(std::size_t{0}, workload.jobs.size(), one_job, tbb::simple_partitioner{});
  } catch (const std::runtime_error& error) {
    rethrow_with_limit(error);
  }
  tbb::finalize(workers, std::nothrow);
  return answers;
}

}  // namespace two_cakes
