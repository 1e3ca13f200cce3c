// Children made once, to whom jobs are handed one at a time.
#pragma once

#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "tasks/shutdown.hpp"
#include "tasks/worker_process.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// Forks `workers` children, each of which runs `handler` on every job that it is given. Arguments
/// and results are bytes of any size, since another process can't be handed an object. A job whose
/// worker dies fails alone, and the worker is replaced. Where it can't be (a limit), the others go
/// on, and it is tried again with the next job.
///
/// A thread of the pool, the manager, makes the children and talks with all of them, so that they
/// live as long as the pool, whoever made that; they die with this process, however it ends. Any
/// thread may submit. The destructor shuts down with kDrain.
class ProcessPool {
 public:
  using Handler = JobHandler;

  /// Throws SyscallError, naming the limit, where so many processes can't be had; UsageError for
  /// fewer than one, who would never answer.
  ProcessPool(int workers, Handler handler);
  ~ProcessPool();
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  /// Queues a job and returns at once. The future never throws: what went wrong is the result's
  /// problem, also where no worker could be had, or the job was dropped.
  std::future<ProcessResult> submit(std::string_view job);

  /// Runs all jobs and blocks until each has its outcome; outcomes are in the order of the jobs.
  std::vector<ProcessResult> map(const std::vector<std::string>& jobs);

  /// Takes no more jobs. Drains: waits until all are done, however long one takes. Drops: those not
  /// begun and those begun fail with the problem "dropped: ...". Then ends and reaps the workers. A
  /// second call does nothing.
  void shut_down(Shutdown how);

  [[nodiscard]] std::size_t workers() const { return places_.size(); }

 private:
  struct Job {
    std::string message;
    std::promise<ProcessResult> promise;
  };
  struct Place {
    std::unique_ptr<WorkerProcess> worker;  // nobody, where one was lost and not replaced
    Job job;
  };

  void manage(std::promise<void>& ready);
  bool make_workers();
  void make_worker(std::size_t number);
  void hand_out_jobs();
  bool next_job(Job& job);
  [[nodiscard]] std::size_t waiting_jobs();
  bool fail_jobs(std::size_t count);
  void look_after(std::size_t number, bool has_ended);
  void lose(std::size_t number);
  void watch_again(std::size_t number, Ready before);
  void forget(const WorkerProcess& worker);
  [[nodiscard]] bool done();
  void wake_manager();
  void dismiss_all();

  const Handler handler_;
  const UniqueFd wake_up_;  // an eventfd: readable where jobs or the end have come

  std::mutex mutex_;  // guards these two
  std::deque<Job> jobs_;
  std::optional<Shutdown> ending_;

  std::vector<Place> places_;  // from here on, the manager's alone
  std::unique_ptr<Poller> poller_;
  std::string shortage_;  // why a worker couldn't be made
  std::thread manager_;
};

}  // namespace two_cakes
