#include "background.hpp"

// BEGIN SOLUTION
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
// END SOLUTION

// What your object remembers. It needs at least: the tasks that wait for a worker, the news that
// waits for deliver(), a lock for both, the workers, and a descriptor (man eventfd).
struct Background::State {
  // BEGIN SOLUTION
  struct Job {
    Task task;
    OnDone on_done;
  };
  struct News {
    OnDone on_done;
    Outcome outcome;
  };

  explicit State(int worker_count);

  /// A worker's life: takes the oldest job, does it, leaves the news; until it is told to stop.
  void work(const std::stop_token& stop);

  /// The oldest news, if there is any. Takes the lock itself.
  std::optional<News> take_news();

  /// Call both with the lock held. The descriptor is readable just while there is news.
  void ring();
  void silence();

  two_cakes::UniqueFd bell;  // an eventfd
  mutable std::mutex mutex;  // held for moments, and never while a task or an on_done runs
  std::condition_variable_any job_came;
  std::deque<Job> jobs;
  std::deque<News> news;
  std::size_t pending = 0;
  std::vector<std::jthread> workers;  // last: they end before what they use does
  // END SOLUTION
};

// BEGIN SOLUTION
namespace {

Outcome outcome_of(const Background::Task& task)
{
  try {
    return {task(), nullptr};
  } catch (...) {
    return {0, std::current_exception()};
  }
}

}  // namespace

Background::State::State(int worker_count)
    : bell(two_cakes::check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)))
{
  for (int i = 0; i < worker_count; ++i)
    workers.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

void Background::State::work(const std::stop_token& stop)
{
  std::unique_lock lock(mutex);
  while (job_came.wait(lock, stop, [this] { return !jobs.empty(); }) && !stop.stop_requested()) {
    Job job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    Outcome outcome = outcome_of(job.task);
    job.task = nullptr;  // what it held must be gone before anybody is told
    lock.lock();
    news.push_back({std::move(job.on_done), std::move(outcome)});
    if (news.size() == 1) ring();
  }
}

std::optional<Background::State::News> Background::State::take_news()
{
  const std::lock_guard lock(mutex);
  if (news.empty()) return std::nullopt;
  News oldest = std::move(news.front());
  news.pop_front();
  if (news.empty()) silence();
  --pending;
  return oldest;
}

void Background::State::ring()
{
  const std::uint64_t one = 1;
  while (::write(bell.get(), &one, sizeof one) == -1 && errno == EINTR) continue;
}

void Background::State::silence()
{
  std::uint64_t count = 0;
  while (::read(bell.get(), &count, sizeof count) == -1 && errno == EINTR) continue;
}
// END SOLUTION

Background::Background(int workers)
{
  // BEGIN SOLUTION
  // STUB: (void)workers;
  state_ = std::make_unique<State>(workers);
  // END SOLUTION
}

Background::~Background()
{
  // BEGIN SOLUTION
  // All are asked first, then joined: else the second would begin a job while the first ends one.
  for (std::jthread& worker : state_->workers) worker.request_stop();
  // END SOLUTION
}

void Background::start(Task task, OnDone on_done)
{
  // BEGIN SOLUTION
  // STUB: (void)task;
  // STUB: (void)on_done;
  {
    const std::lock_guard lock(state_->mutex);
    state_->jobs.push_back({std::move(task), std::move(on_done)});
    ++state_->pending;
  }
  state_->job_came.notify_one();
  // END SOLUTION
}

int Background::descriptor() const
{
  // BEGIN SOLUTION
  // STUB: return -1;
  return state_->bell.get();
  // END SOLUTION
}

std::size_t Background::deliver()
{
  // BEGIN SOLUTION
  // STUB: return 0;
  std::size_t ended = 0;  // those that end from now on wait for the next call: a chain of short
  {                       // tasks must not keep the caller here for ever
    const std::lock_guard lock(state_->mutex);
    ended = state_->news.size();
  }
  std::size_t told = 0;
  for (; told < ended; ++told) {
    const std::optional<State::News> one = state_->take_news();
    if (!one) break;  // an on_done has called deliver() itself
    one->on_done(one->outcome);
  }
  return told;
  // END SOLUTION
}

std::size_t Background::pending() const
{
  // BEGIN SOLUTION
  // STUB: return 0;
  const std::lock_guard lock(state_->mutex);
  return state_->pending;
  // END SOLUTION
}
