// Children made once, who do one job after the other.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "os/affinity.hpp"
#include "tasks/job_board.hpp"
#include "tasks/map_round.hpp"
#include "tasks/process_result.hpp"
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
  /// Jobs and answers of up to JobBoard::kMostBytes travel through shared memory: many short jobs
  /// cost a fraction of what they do one by one. One map() at a time has that memory.
  std::vector<ProcessResult> map(const std::vector<std::string>& jobs);

  /// Takes no more jobs. Drains: waits until all are done, however long one takes. Drops: those not
  /// begun and those begun fail with the problem "dropped: ...". Then ends and reaps the workers. A
  /// second call does nothing.
  void shut_down(Shutdown how);

  [[nodiscard]] std::size_t workers() const { return places_.size(); }

 private:
  struct Job {
    std::string message;
    std::function<void(ProcessResult)> finish;
  };
  struct Place {
    std::unique_ptr<WorkerProcess> worker;  // nobody, where one was lost and not replaced
    Job job;
  };

  static ProcessResult dropped() { return failure("dropped: the pool was shut down"); }
  [[nodiscard]] int first_core(std::size_t number) const { return cores_[number % cores_.size()]; }
  void begin_life(std::size_t number);
  std::string serve(MessageKind kind, std::string_view bytes);
  bool queue(std::vector<Job> jobs, bool of_a_map = false);
  bool begin_map();
  void end_map();
  std::vector<ProcessResult> map_one_by_one(const std::vector<std::string>& jobs);
  std::vector<ProcessResult> map_on_board(std::span<const std::string> jobs);
  Job invitation_to(const std::shared_ptr<MapRound>& round);

  void manage(std::promise<void>& ready);
  bool make_workers();
  void make_worker(std::size_t number);
  void hand_out_jobs();
  bool hand_out_job(std::size_t number);
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

  JobBoard board_;
  std::mutex board_is_used_;  // by a map(), for as long as it takes

  std::mutex mutex_;  // guards these three
  std::deque<Job> jobs_;
  std::optional<Shutdown> ending_;
  bool mapping_ = false;  // a map() is on the board, and may have more to lay out

  const std::vector<int> cores_;
  std::vector<Place> places_;  // from here on, the manager's alone
  std::unique_ptr<Poller> poller_;
  std::string shortage_;  // why a worker couldn't be made
  std::thread manager_;

  std::optional<ScopedPin> start_;  // in a worker: its core until its first job
};

}  // namespace two_cakes
