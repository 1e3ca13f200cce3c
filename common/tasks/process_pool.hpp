// Children made once, to whom jobs are handed one at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "os/child.hpp"

namespace two_cakes {

/// A job's outcome: the bytes that the worker sent back, or why there are none.
struct ProcessResult {
  std::string bytes;
  std::string problem;  // "killed by SIGKILL", or what the handler threw; empty where all went well
  [[nodiscard]] bool good() const { return problem.empty(); }
};

/// Forks `workers` children, each of which runs `handler` on every job that it is given. Arguments
/// and results are bytes of any size, since another process can't be handed an object. A job whose
/// worker dies fails alone, and the worker is replaced. Make it on a thread that outlives it:
/// children die with the thread that made them.
class ProcessPool {
 public:
  using Handler = std::function<std::string(std::string_view)>;

  /// Throws SyscallError, naming the limit, where so many processes can't be had; UsageError for
  /// fewer than one, who would never answer.
  ProcessPool(int workers, Handler handler);
  ~ProcessPool();

  /// Runs all jobs and blocks until each has its outcome; outcomes are in the order of the jobs.
  /// Never throws for a job's failure; SyscallError where a dead worker can't be replaced: then
  /// the pool can only be destroyed.
  std::vector<ProcessResult> map(const std::vector<std::string>& jobs);

  [[nodiscard]] std::size_t workers() const { return workers_.size(); }

 private:
  struct Worker {
    Child child;
    UniqueFd channel;
  };
  Worker make_worker();
  ProcessResult collect(Worker& worker);

  Handler handler_;
  std::vector<Worker> workers_;
};

}  // namespace two_cakes
