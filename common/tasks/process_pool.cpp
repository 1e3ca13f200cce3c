#include "tasks/process_pool.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

constexpr const char* kDropped = "dropped: the pool was shut down";

// Tags of the poller: a worker's channel, its end, or the wake-up.
constexpr std::uint64_t kWakeUp = ~std::uint64_t{0};
std::uint64_t channel_tag(std::size_t number) { return 2 * number; }
std::uint64_t end_tag(std::size_t number) { return 2 * number + 1; }

void fail(std::promise<ProcessResult>& promise, std::string problem)
{
  promise.set_value({.bytes = {}, .problem = std::move(problem)});
}

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
  Job queued{message_of(job), {}};
  auto future = queued.promise.get_future();
  const std::lock_guard lock(mutex_);
  if (ending_) {
    fail(queued.promise, kDropped);
    return future;
  }
  jobs_.push_back(std::move(queued));
  // Where others wait already, the manager knows, or no worker is free to take one.
  if (jobs_.size() == 1) wake_manager();
  return future;
}

std::vector<ProcessResult> ProcessPool::map(const std::vector<std::string>& jobs)
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

void ProcessPool::shut_down(Shutdown how)
{
  {
    const std::lock_guard lock(mutex_);
    ending_ = how;
    wake_manager();
  }
  if (manager_.joinable()) manager_.join();
}

void ProcessPool::wake_manager()
{
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_up_.get(), &one, sizeof one);
}

/// The manager's thread. `ready` is told once all workers are there, or why they aren't.
void ProcessPool::manage(std::promise<void>& ready)
{
  try {
    poller_->add(wake_up_.get(), Ready::kRead, kWakeUp);
    for (std::size_t number = 0; number < places_.size(); ++number) make_worker(number);
  } catch (...) {
    for (Place& place : places_) place.worker.reset();
    return ready.set_exception(std::current_exception());
  }
  ready.set_value();
  std::vector<ReadyEvent> events;
  for (;;) {
    const std::size_t waiting = waiting_jobs();
    if (!make_workers() && !fail_jobs(waiting)) continue;  // for who has come since it's tried anew
    hand_out_jobs();
    if (done()) break;
    poller_->wait(events, Clock::time_point::max());
    for (const ReadyEvent& event : events) {
      std::uint64_t count = 0;
      if (event.tag != kWakeUp) look_after(event.tag / 2, event.tag % 2 == 1);
      else [[maybe_unused]] const ssize_t size = ::read(wake_up_.get(), &count, sizeof count);
    }
  }
  dismiss_all();
}

/// Fills the places of those who were lost. False where not a single worker is left.
bool ProcessPool::make_workers()
{
  bool anybody = false;
  for (std::size_t number = 0; number < places_.size(); ++number) {
    try {
      if (places_[number].worker == nullptr) make_worker(number);
      anybody = true;
    } catch (const SyscallError& error) {
      shortage_ = error.what();
    }
  }
  return anybody;
}

void ProcessPool::make_worker(std::size_t number)
{
  // A worker must not hold the channels of the others, or they'd outlive their parent's end.
  auto worker = std::make_unique<WorkerProcess>(handler_, [this] {
    for (Place& place : places_)
      if (place.worker != nullptr) place.worker->close_channel();
  });
  poller_->add(worker->channel(), Ready::kRead, channel_tag(number));
  if (worker->end() != -1) poller_->add(worker->end(), Ready::kRead, end_tag(number));
  places_[number].worker = std::move(worker);
}

void ProcessPool::hand_out_jobs()
{
  for (std::size_t number = 0; number < places_.size(); ++number) {
    Place& place = places_[number];
    if (place.worker == nullptr || place.worker->busy()) continue;
    if (!next_job(place.job)) return;
    place.worker->begin(std::move(place.job.message));
    watch_again(number, Ready::kRead);
  }
}

bool ProcessPool::next_job(Job& job)
{
  const std::lock_guard lock(mutex_);
  if (jobs_.empty() || ending_ == Shutdown::kDrop) return false;
  job = std::move(jobs_.front());
  jobs_.pop_front();
  return true;
}

std::size_t ProcessPool::waiting_jobs()
{
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

/// Of those that wait, the first `count`, for which no worker could be had. True where they were
/// all.
bool ProcessPool::fail_jobs(std::size_t count)
{
  const std::lock_guard lock(mutex_);
  for (; count > 0; --count) {
    fail(jobs_.front().promise, "no worker can be had: " + shortage_);
    jobs_.pop_front();
  }
  return jobs_.empty();
}

void ProcessPool::look_after(std::size_t number, bool has_ended)
{
  Place& place = places_[number];
  if (place.worker == nullptr) return;  // lost in the same batch of events
  const Ready before = place.worker->interest();
  // What a worker has sent before it ended counts still.
  if (auto result = place.worker->go_on()) place.job.promise.set_value(std::move(*result));
  if (has_ended || place.worker->lost()) lose(number);
  else watch_again(number, before);
}

void ProcessPool::lose(std::size_t number)
{
  Place& place = places_[number];
  forget(*place.worker);
  const std::string how = place.worker->end_of_a_lost_one();
  if (place.worker->busy()) fail(place.job.promise, how);
  place.worker.reset();
}

void ProcessPool::watch_again(std::size_t number, Ready before)
{
  const WorkerProcess& worker = *places_[number].worker;
  if (worker.interest() != before)
    poller_->modify(worker.channel(), worker.interest(), channel_tag(number));
}

void ProcessPool::forget(const WorkerProcess& worker)
{
  poller_->remove(worker.channel());
  if (worker.end() != -1) poller_->remove(worker.end());
}

bool ProcessPool::done()
{
  const std::lock_guard lock(mutex_);
  if (ending_ == Shutdown::kDrop) return true;
  const bool anybody_busy = std::any_of(places_.begin(), places_.end(), [](const Place& place) {
    return place.worker != nullptr && place.worker->busy();
  });
  return ending_ && jobs_.empty() && !anybody_busy;
}

void ProcessPool::dismiss_all()
{
  const std::lock_guard lock(mutex_);
  for (Job& job : jobs_) fail(job.promise, kDropped);
  jobs_.clear();
  // All are told before any is waited for: they leave at the same time.
  for (Place& place : places_)
    if (place.worker != nullptr && !place.worker->busy()) place.worker->dismiss();
  for (Place& place : places_) {
    if (place.worker == nullptr) continue;
    if (!place.worker->busy()) place.worker->wait_until_gone();
    else fail(place.job.promise, kDropped);
    place.worker.reset();  // kills one that is at work
  }
}

}  // namespace two_cakes
