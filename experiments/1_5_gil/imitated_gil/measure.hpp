// The two questions of this experiment as series of the harness: how it scales, and how long it
// waits.
#pragma once

#include <chrono>
#include <string>

#include "harness/series.hpp"
#include "settings.hpp"

namespace two_cakes {

struct Convoy;
struct ConvoyResult;
struct Jobs;

struct Lock {
  const char* name;  // real_gil, imitated_gil
  std::uint64_t (*run)(const Jobs&);
  int (*units_in)(std::chrono::microseconds);
  ConvoyResult (*run_convoy)(const Convoy&);
};

/// `work` is "cpu", "io" or "mixed". The same jobs for every number of threads, each of which does
/// its share.
Series measure_jobs(const Lock& lock, const std::string& work, int threads,
                    const Settings& settings);

/// Requests beside a computing thread. Counters: request_s, the median latency of a request in
/// seconds, and portion_s, the wall time for each 0.1 ms of computing that was done meanwhile: 0.1
/// ms would be an undisturbed core.
Series measure_convoy(const Lock& lock, std::chrono::microseconds switch_interval,
                      const Settings& settings);

}  // namespace two_cakes
