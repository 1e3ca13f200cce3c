#include "os/affinity.hpp"

#include <fmt/ranges.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "base/errors.hpp"
#include "os/files.hpp"

namespace two_cakes {

std::vector<int> allowed_cores()
{
  cpu_set_t set;
  CPU_ZERO(&set);
  check_syscall("sched_getaffinity", ::sched_getaffinity(0, sizeof set, &set));
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  return cores;
}

double cpu_quota_cores()
{
  // Version 2 says "150000 100000" (or "max 100000") in one file, version 1 the same in two.
  std::string text = read_file_or_empty("/sys/fs/cgroup/cpu.max");
  if (text.empty())
    text = read_file_or_empty("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + " " +
           read_file_or_empty("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  double quota_us = 0;
  double period_us = 0;
  if (!(std::istringstream(text) >> quota_us >> period_us) || quota_us <= 0 || period_us <= 0)
    return 0;
  return quota_us / period_us;
}

int usable_cores()
{
  const int allowed = static_cast<int>(allowed_cores().size());
  const double quota = cpu_quota_cores();
  if (quota <= 0) return allowed;
  return std::clamp(static_cast<int>(std::floor(quota)), 1, allowed);
}

int current_core() { return ::sched_getcpu(); }

void pin_this_thread(const std::vector<int>& cores)
{
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  check_syscall("sched_setaffinity", ::sched_setaffinity(0, sizeof set, &set),
                fmt::format("core {}", fmt::join(cores, ", ")));
}

ScopedPin::ScopedPin(const std::vector<int>& cores) : before_(allowed_cores())
{
  pin_this_thread(cores);
}

ScopedPin::~ScopedPin()
{
  try {
    pin_this_thread(before_);
  } catch (const SyscallError&) {
    // Its former cores were taken from the process meanwhile: it stays where it is.
  }
}

}  // namespace two_cakes
