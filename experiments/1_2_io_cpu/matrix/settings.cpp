#include "settings.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "harness/number_list.hpp"
#include "os/affinity.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--target", target,
                    "Wait on the HTTP server at host:port instead of our slow server");
  experiment.option("--deadline-ms", deadline, "The longest that one request may take");
  experiment.option("--jobs", jobs_text, "How many jobs, a list (quick: 4,32; full: 1,8,64,1000)");
  experiment.option("--wait-ms", wait,
                    "What each job asks the server to wait (quick: 10, full: 20)");
  experiment.option("--fib", fib, "Which Fibonacci number each job computes (quick and full: 32)",
                    0);
  experiment.option("--connected", connected,
                    "Connect for all jobs beforehand: only requests count");
  experiment.option("--pool-threads", pool_threads, "Workers of thread_pool (0: 32)", 0);
  experiment.option("--pool-processes", pool_processes,
                    "Workers of process_pool (0: one for each core)", 0);
}

void Settings::complete(const Experiment& experiment)
{
  using std::chrono::milliseconds;
  if (jobs_text.empty()) jobs_text = experiment.pick("3", "4,32", "1,8,64,1000");
  jobs = NumberList{"--jobs", 1'000'000, "8,64"}.parse(jobs_text);
  if (wait.count() == 0)
    wait = experiment.pick(milliseconds(2), milliseconds(10), milliseconds(20));
  if (fib == 0) fib = experiment.pick(12, 32, 32);
  if (fib > 60)
    throw UsageError(fmt::format("--fib: fib({}) would take years; give a number up to 60", fib));
  if (pool_threads == 0) pool_threads = 32;
  if (pool_processes == 0) pool_processes = usable_cores();
}

}  // namespace two_cakes
