#include "bound.hpp"

#include <algorithm>

namespace two_cakes {
namespace {

std::string name_of(Width width, int jobs, bool waits, bool computes)
{
  if (waits && computes) return "ideal overlap";
  if (computes) return width.computes > 1 ? "work / cores" : "all work on one core";
  if (width.waits >= jobs) return "longest wait";
  return width.waits == 1 ? "sum of waits" : "waits / workers";
}

}  // namespace

Bound bound_of(const Workload& workload, Width width, double compute_s)
{
  if (workload.jobs.empty()) return {};
  const int jobs = static_cast<int>(workload.jobs.size());
  const int rounds = (jobs + width.waits - 1) / width.waits;
  const double wait_s = to_seconds(workload.jobs.front().wait);
  const double one_way_s = rounds * (wait_s + compute_s);
  const double all_cores_s = wait_s + jobs * compute_s / width.computes;
  return {std::max(one_way_s, all_cores_s), name_of(width, jobs, wait_s > 0, compute_s > 0)};
}

}  // namespace two_cakes
