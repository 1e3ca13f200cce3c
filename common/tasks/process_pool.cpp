#include "tasks/process_pool.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

UniqueFd make_wake_up()
{
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int error = errno;
  if (fd == -1) throw SyscallError(error, "eventfd", limit_behind(error));
  return UniqueFd(fd);
}

}  // namespace

ProcessPool::ProcessPool(int workers, Handler handler)
    : handler_(std::move(handler)),
      wake_up_(make_wake_up()),
      cores_(allowed_cores()),
      poller_(make_epoll_poller())
{
  if (workers < 1) throw UsageError("a process pool of " + std::to_string(workers) + " workers");
  places_.resize(static_cast<std::size_t>(workers));
  std::promise<void> ready;
  try {
    manager_ = std::thread([this, &ready] { manage(ready); });
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
  try {
    ready.get_future().get();
  } catch (...) {
    manager_.join();
    throw;
  }
}

ProcessPool::~ProcessPool() { shut_down(Shutdown::kDrain); }

std::future<ProcessResult> ProcessPool::submit(std::string_view job)
{
  const auto promise = std::make_shared<std::promise<ProcessResult>>();
  auto future = promise->get_future();
  const auto finish = [promise](ProcessResult result) { promise->set_value(std::move(result)); };
  if (!queue({{message_of(MessageKind::kJob, job), finish}})) finish(dropped());
  return future;
}

/// False where the pool takes no more jobs. A map() that is drained still has its own done.
bool ProcessPool::queue(std::vector<Job> jobs, bool of_a_map)
{
  const std::lock_guard lock(mutex_);
  if (ending_ && !(of_a_map && ending_ == Shutdown::kDrain)) return false;
  // Where others wait already, the manager knows, or no worker is free to take one.
  if (jobs_.empty()) wake_manager();
  std::move(jobs.begin(), jobs.end(), std::back_inserter(jobs_));
  return true;
}

std::vector<ProcessResult> ProcessPool::map(const std::vector<std::string>& jobs)
{
  const std::unique_lock board_is_ours(board_is_used_, std::try_to_lock);
  if (!board_is_ours || !std::all_of(jobs.begin(), jobs.end(), JobBoard::fits))
    return map_one_by_one(jobs);
  if (!begin_map()) return std::vector(jobs.size(), dropped());
  struct EndMap {  // also where memory runs out: a pool that is drained would wait for ever
    ProcessPool& pool;
    ~EndMap() { pool.end_map(); }
  } const at_the_end{*this};
  std::vector<ProcessResult> results;
  for (std::span rest(jobs); !rest.empty();) {
    const auto round = rest.first(std::min(rest.size(), JobBoard::kMostJobs));
    std::ranges::move(map_on_board(round), std::back_inserter(results));
    rest = rest.subspan(round.size());
  }
  return results;
}

/// From here to end_map(), a pool that is drained waits for what is still to be laid out.
bool ProcessPool::begin_map()
{
  const std::lock_guard lock(mutex_);
  mapping_ = !ending_;
  return mapping_;
}

void ProcessPool::end_map()
{
  const std::lock_guard lock(mutex_);
  mapping_ = false;
  if (ending_) wake_manager();
}

std::vector<ProcessResult> ProcessPool::map_one_by_one(const std::vector<std::string>& jobs)
{
  std::vector<std::future<ProcessResult>> futures;
  for (const std::string& job : jobs) futures.push_back(submit(job));
  // The last first: who waits for each in turn is woken for each, and takes a core from the
  // workers.
  if (!futures.empty()) futures.back().wait();
  std::vector<ProcessResult> results;
  for (auto& future : futures) results.push_back(future.get());
  return results;
}

std::vector<ProcessResult> ProcessPool::map_on_board(std::span<const std::string> jobs)
{
  const auto round = std::make_shared<MapRound>(board_, jobs);
  std::vector<Job> invitations;
  for (std::uint32_t i = 0; i < std::min(jobs.size(), workers()); ++i)
    invitations.push_back(invitation_to(round));
  if (!queue(std::move(invitations), true)) return std::vector(jobs.size(), dropped());
  return round->results();
}

ProcessPool::Job ProcessPool::invitation_to(const std::shared_ptr<MapRound>& round)
{
  const auto visit = round->next_visit();
  return {message_of(MessageKind::kInvitation, MapRound::invitation(visit)),
          [this, round, visit](const ProcessResult& result) {
            if (!round->visit_ended(visit, result)) return;
            const std::lock_guard lock(mutex_);
            jobs_.push_back(invitation_to(round));  // on the manager's thread: it'll see it
          }};
}

void ProcessPool::shut_down(Shutdown how)
{
  {
    const std::lock_guard lock(mutex_);
    if (ending_ != Shutdown::kDrop) ending_ = how;
    wake_manager();
  }
  if (manager_.joinable()) manager_.join();
}

void ProcessPool::wake_manager()
{
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_up_.get(), &one, sizeof one);
}

}  // namespace two_cakes
