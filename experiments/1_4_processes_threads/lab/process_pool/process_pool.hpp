// A pool of processes: workers that are made once, jobs and results as bytes of any size.
// This file is given: the tests are built with the original, so changing it changes nothing.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What map() throws once the pool has been shut down.
class PoolClosed : public std::runtime_error {
 public:
  PoolClosed() : std::runtime_error("the pool takes no more jobs") {}
};

/// A job's outcome: the bytes that came back, or why there are none.
struct Result {
  std::string bytes;
  std::string problem;  // empty where all went well

  [[nodiscard]] bool good() const { return problem.empty(); }
};

/// Children that are made once, each of which runs `handler` on one job after the other. For one
/// thread at a time.
class ProcessPool {
 public:
  /// Runs in a worker: job in, result out. Both are bytes, any bytes, of any number.
  using Handler = std::function<std::string(std::string_view job)>;

  /// Forks the workers. Throws std::invalid_argument for fewer than one; std::system_error where
  /// they can't be had (processes, descriptors): no child and no descriptor is left then.
  ProcessPool(int workers, Handler handler);

  /// As shut_down().
  ~ProcessPool();

  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  /// Runs all jobs, each once, on whichever worker is free; returns when each has its outcome, in
  /// the order of the jobs. Throws PoolClosed after a shutdown. A result's problem is
  ///  - what the handler's exception said (what()): the worker lives on;
  ///  - "killed by SIGSEGV" (or by whichever signal) or "exited with code 3", where the job ended
  ///    its worker. It fails alone. The worker is replaced: when map() returns, the pool is whole
  ///    again. Where that can't be, the others go on, and the next job tries again; with no
  ///    worker left, the jobs that wait fail with a problem that says so.
  /// A worker that died while it had nothing to do is replaced, too, and no job suffers for it.
  std::vector<Result> map(const std::vector<std::string>& jobs);

  /// Ends the workers and reaps them. A second call does nothing.
  ///
  /// Workers also end by themselves when this process dies, however it dies: each notices that
  /// nobody holds the other end of its channel any more, for nobody but the pool's process does.
  void shut_down();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
