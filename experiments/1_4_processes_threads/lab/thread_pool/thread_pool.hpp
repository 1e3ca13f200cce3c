// A pool of threads: workers that are made once, one queue, results through futures.
// This file is given: the tests are built with the original, so there is nothing to gain by
// changing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>

/// What submit() throws where the pool takes no more jobs.
class PoolClosed : public std::runtime_error {
 public:
  PoolClosed() : std::runtime_error("the pool takes no more jobs") {}
};

enum class Shutdown {
  kDrain,  // everything that was submitted is done first
  kDrop,   // what has begun is finished; what waits is never begun
};

/// Runs jobs on `workers` threads that are made once, first in, first out. Any thread may submit, a
/// job too. While nothing is to be done, the workers sleep.
class ThreadPool {
 public:
  using Job = std::function<std::int64_t()>;
  using Future = std::future<std::int64_t>;
  static constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

  /// Starts the workers. At most `most_waiting` jobs wait in the queue (those that run don't
  /// count). Throws std::invalid_argument for fewer than one worker, or for a queue that holds
  /// nothing; std::system_error where so many threads can't be had: those that were made are joined
  /// first.
  explicit ThreadPool(int workers, std::size_t most_waiting = kUnbounded);

  /// As shut_down(Shutdown::kDrain).
  ~ThreadPool();

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Queues `job`. The future gives its result, or throws what the job threw, whatever that was.
  /// Where the queue is full, waits for room; but a worker of this pool, which might wait for
  /// itself, runs the job in place instead. Throws PoolClosed once the pool was told to shut down,
  /// also while it waits. While the pool drains, though, jobs may still submit: that is work, too.
  Future submit(Job job);

  /// The same, but nothing where the queue is full. Never waits for room.
  std::optional<Future> try_submit(Job job);

  /// Takes no more jobs, drains or drops, and returns when all workers have ended. The future of a
  /// dropped job throws std::future_error (broken_promise), as soon as it is dropped. Any thread
  /// may call it, and more than once: the first call decides how, the others wait for the end, too.
  /// A job can't shut its own pool down: throws std::logic_error.
  void shut_down(Shutdown how);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
