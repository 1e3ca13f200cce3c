#include "harness/cost_meter.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "base/errors.hpp"
#include "os/child.hpp"
#include "os/limits.hpp"

namespace two_cakes {

CostMeter::CostMeter()
    : children_memory_before_(child_totals().peak_memory_bytes),
      children_before_(living_children())
{
  reset_peak_living_children();
  reset_peak_memory();
  before_ = usage_of_process() + usage_of_children();
  try {
    sampler_ = std::thread([this] { sample(); });
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
  // What follows may fork: a thread that is just being made may hold locks (of a sanitizer, of the
  // library) that would stay locked in the child for ever.
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return sampling_; });
}

CostMeter::~CostMeter() { stop_sampler(); }

Costs CostMeter::stop()
{
  stop_sampler();
  Costs costs;
  costs.usage = usage_of_process() + usage_of_children() - before_ - sampler_usage_;
  // The kernel splits a thread's CPU time into user and system by its ticks, each time anew: a
  // difference of two such splits can come out a little below zero.
  costs.usage.user = std::max(costs.usage.user, std::chrono::microseconds(0));
  costs.usage.system = std::max(costs.usage.system, std::chrono::microseconds(0));
  costs.peak_memory_bytes = peak_memory_bytes();
  costs.children_memory_bytes = child_totals().peak_memory_bytes - children_memory_before_;
  costs.peak_threads = std::max<std::size_t>(peak_threads_, living_threads());
  costs.peak_processes = 1 + peak_living_children() - children_before_;
  return costs;
}

// Short stretches are looked at often, long ones seldom: from 0.5 ms the gaps double up to 8 ms.
void CostMeter::sample()
{
  auto gap = std::chrono::microseconds(500);
  std::unique_lock lock(mutex_);
  sampling_ = true;
  changed_.notify_one();
  do {
    const std::size_t threads = living_threads() - 1;  // without the sampler
    peak_threads_ = std::max<std::size_t>(peak_threads_, threads);
    gap = std::min(gap * 2, std::chrono::microseconds(8'000));
  } while (!changed_.wait_for(lock, gap, [this] { return stopping_; }));
  sampler_usage_ = usage_of_thread();
}

void CostMeter::stop_sampler()
{
  if (!sampler_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  sampler_.join();
}

}  // namespace two_cakes
