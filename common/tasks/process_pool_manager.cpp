// The manager's thread: it makes the workers, talks with all of them, and sees them off.
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/errors.hpp"
#include "tasks/process_pool.hpp"

namespace two_cakes {
namespace {

// Tags of the poller: a worker's channel, its end, or the wake-up.
constexpr std::uint64_t kWakeUp = ~std::uint64_t{0};
std::uint64_t channel_tag(std::size_t number) { return 2 * number; }
std::uint64_t end_tag(std::size_t number) { return 2 * number + 1; }

}  // namespace

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
    if (done()) break;
    hand_out_jobs();
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
  auto worker =
      std::make_unique<WorkerProcess>(std::bind_front(&ProcessPool::serve, this),
                                      std::bind_front(&ProcessPool::begin_life, this, number));
  poller_->add(worker->channel(), Ready::kRead, channel_tag(number));
  if (worker->end() != -1) poller_->add(worker->end(), Ready::kRead, end_tag(number));
  places_[number].worker = std::move(worker);
}

/// In a new worker. Two that are woken up at once are at times put on the same core, and stay there
/// for milliseconds while another core idles: so each has a core of its own for its first job.
void ProcessPool::begin_life(std::size_t number)
{
  // A worker must not hold the channels of the others, or they'd outlive their parent's end.
  for (Place& place : places_)
    if (place.worker != nullptr) place.worker->close_channel();
  try {
    start_.emplace(std::vector{first_core(number)});
  } catch (const SyscallError&) {
    // Then it begins where the system puts it.
  }
}

/// In a worker, for each message.
std::string ProcessPool::serve(MessageKind kind, std::string_view bytes)
{
  start_.reset();
  if (kind == MessageKind::kInvitation) return MapRound::follow(bytes, board_, handler_);
  return handler_(bytes);
}

void ProcessPool::hand_out_jobs()
{
  // Last to the one on this core: as it wakes up, it may take the core before the others have
  // theirs.
  const int here = current_core();
  for (const bool on_this_core : {false, true})
    for (std::size_t number = 0; number < places_.size(); ++number)
      if ((first_core(number) == here) == on_this_core && !hand_out_job(number)) return;
}

/// False where no job waits.
bool ProcessPool::hand_out_job(std::size_t number)
{
  Place& place = places_[number];
  if (place.worker == nullptr || place.worker->busy()) return true;
  if (!next_job(place.job)) return false;
  place.worker->begin(std::move(place.job.message));
  watch_again(number, Ready::kRead);
  return true;
}

bool ProcessPool::next_job(Job& job)
{
  const std::lock_guard lock(mutex_);
  if (jobs_.empty()) return false;
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
  Job job;
  for (; count > 0 && next_job(job); --count)
    job.finish(failure("no worker can be had: " + shortage_));
  return waiting_jobs() == 0;
}

void ProcessPool::look_after(std::size_t number, bool has_ended)
{
  Place& place = places_[number];
  if (place.worker == nullptr) return;  // lost in the same batch of events
  const Ready before = place.worker->interest();
  // What a worker has sent before it ended counts still.
  if (auto result = place.worker->go_on()) place.job.finish(std::move(*result));
  if (has_ended || place.worker->lost()) lose(number);
  else watch_again(number, before);
}

void ProcessPool::lose(std::size_t number)
{
  Place& place = places_[number];
  forget(*place.worker);
  const std::string how = place.worker->end_of_a_lost_one();
  if (place.worker->busy()) place.job.finish(failure(how));
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
  return ending_ && jobs_.empty() && !mapping_ && !anybody_busy;
}

void ProcessPool::dismiss_all()
{
  // All are told before any is waited for: they leave at the same time.
  for (Place& place : places_)
    if (place.worker != nullptr && !place.worker->busy()) place.worker->dismiss();
  for (Place& place : places_) {
    if (place.worker == nullptr) continue;
    if (!place.worker->busy()) place.worker->wait_until_gone();
    else place.job.finish(dropped());
    place.worker.reset();  // kills one that is at work
  }
  for (Job job; next_job(job);) job.finish(dropped());
}

}  // namespace two_cakes
