#include "settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/errors.hpp"
#include "os/affinity.hpp"

namespace two_cakes {
namespace {

std::vector<int> parse_jobs(const std::string& text)
{
  std::vector<int> jobs;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    char* end = nullptr;
    const long number = std::strtol(item.c_str(), &end, 10);
    if (*end != '\0' || number < 1 || number > 1'000'000)
      throw UsageError(fmt::format(
          "--jobs: '{}' is no number from 1 to 1000000; give a list such as 8,64", item));
    if (std::find(jobs.begin(), jobs.end(), number) != jobs.end())
      throw UsageError(fmt::format("--jobs: {} is given twice; give each number once", number));
    jobs.push_back(static_cast<int>(number));
  }
  return jobs;
}

}  // namespace

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
  experiment.option("--pool-threads", pool_threads, "Workers of thread_pool (0: 32)", 0);
  experiment.option("--pool-processes", pool_processes,
                    "Workers of process_pool (0: one for each core)", 0);
}

void Settings::complete(const Experiment& experiment)
{
  using std::chrono::milliseconds;
  if (jobs_text.empty()) jobs_text = experiment.pick("3", "4,32", "1,8,64,1000");
  jobs = parse_jobs(jobs_text);
  if (wait.count() == 0)
    wait = experiment.pick(milliseconds(2), milliseconds(10), milliseconds(20));
  if (fib == 0) fib = experiment.pick(12, 32, 32);
  if (fib > 60)
    throw UsageError(fmt::format("--fib: fib({}) would take years; give a number up to 60", fib));
  if (pool_threads == 0) pool_threads = 32;
  if (pool_processes == 0) pool_processes = usable_cores();
}

}  // namespace two_cakes
