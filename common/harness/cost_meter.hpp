// All costs of a stretch of a program, its children's included.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

#include "os/usage.hpp"

namespace two_cakes {

/// What was used between the meter's making and stop().
struct Costs {
  Usage usage;                        // this process and the children that were reaped meanwhile
  std::size_t peak_memory_bytes = 0;  // most that was resident at once in this process
  std::size_t children_memory_bytes =
      0;  // each reaped child's own peak, added up: pages shared after fork() count in each
  std::size_t peak_threads =
      0;  // of this process, at once; seen by a sampler, so a shorter life may be missed
  std::size_t peak_processes = 0;  // this process and the children made since, at once
};

/// Google Benchmark reads its own process only, so that fork() would look free; this reads the
/// children too. A thread of the meter samples the number of threads, at most 1,000 times a second;
/// what it costs itself is taken off. One meter at a time in a process.
class CostMeter {
 public:
  /// Throws SyscallError, naming the limit, where no thread can be had.
  CostMeter();
  ~CostMeter();
  CostMeter(const CostMeter&) = delete;
  CostMeter& operator=(const CostMeter&) = delete;

  /// Ends the stretch. Children that still live are not in the usage: reap them first.
  Costs stop();

 private:
  void sample();
  void stop_sampler();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool sampling_ = false;
  bool stopping_ = false;
  std::atomic<std::size_t> peak_threads_{1};
  Usage sampler_usage_;  // written by the sampler at its end, read after the join

  std::size_t children_memory_before_;
  std::size_t children_before_;
  Usage before_;
  std::thread sampler_;
};

}  // namespace two_cakes
