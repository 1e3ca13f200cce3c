#include "os/affinity.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "in_child.hpp"
#include "os/limits.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

constexpr int kNotAllowed = 77;

/// Runs `check` in a child that sees a /sys/fs/cgroup of its own, empty but for `files`. Root only:
/// kNotAllowed otherwise.
int in_control_group(const std::vector<std::pair<std::string, std::string>>& files,
                     const std::function<int()>& check)
{
  return exit_code_in_child([&] {
    if (::unshare(CLONE_NEWNS) == -1 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == -1 ||
        ::mount("none", "/sys/fs/cgroup", "tmpfs", 0, nullptr) == -1 ||
        ::mkdir("/sys/fs/cgroup/cpu", 0755) == -1)
      return kNotAllowed;
    for (const auto& [name, text] : files) std::ofstream("/sys/fs/cgroup/" + name) << text;
    return check();
  });
}

/// The quota in hundredths of a core that a control group with `files` has; kNotAllowed where that
/// can't be tried.
int quota_in(const std::vector<std::pair<std::string, std::string>>& files)
{
  return in_control_group(files,
                          [] { return static_cast<int>(std::lround(cpu_quota_cores() * 100)); });
}

bool can_try_control_groups()
{
  if (in_control_group({}, [] { return 0; }) == 0) return true;
  WARN("skipped: only root may mount a /sys/fs/cgroup to test with");
  return false;
}

}  // namespace

TEST_CASE("a thread may run on at least one core, and cores are in order")
{
  const std::vector<int> cores = allowed_cores();
  REQUIRE(!cores.empty());
  REQUIRE(std::is_sorted(cores.begin(), cores.end()));
  REQUIRE(usable_cores() >= 1);
  REQUIRE(usable_cores() <= static_cast<int>(cores.size()));
}

TEST_CASE("a pinned thread stays where it is, with the children it makes")
{
  const int last = allowed_cores().back();
  const int code = exit_code_in_child([last] {
    pin_this_thread({last});
    if (allowed_cores() != std::vector{last} || usable_cores() != 1 || current_core() != last)
      return 1;
    return exit_code_in_child([last] { return allowed_cores() == std::vector{last} ? 0 : 2; });
  });
  REQUIRE(code == 0);
}

TEST_CASE("pinning is a thread's own affair")
{
  const std::vector<int> before = allowed_cores();
  std::thread([&] { pin_this_thread({before.front()}); }).join();
  REQUIRE(allowed_cores() == before);
}

TEST_CASE("a scoped pin gives the cores back")
{
  const std::vector<int> before = allowed_cores();
  {
    const ScopedPin pin({before.back()});
    REQUIRE(allowed_cores() == std::vector{before.back()});
    {
      const ScopedPin inner(before);
      REQUIRE(allowed_cores() == before);
    }
    REQUIRE(allowed_cores() == std::vector{before.back()});
  }
  REQUIRE(allowed_cores() == before);
}

TEST_CASE("a core that isn't there is refused by number, and nothing changes")
{
  const std::vector<int> before = allowed_cores();
  for (const int core : {1000, 5000, -1}) {
    try {
      pin_this_thread({core});
      FAIL("it didn't throw");
    } catch (const SyscallError& error) {
      REQUIRE(error.code().value() == EINVAL);
      REQUIRE(std::string(error.what()).find("core " + std::to_string(core)) != std::string::npos);
    }
  }
  REQUIRE_THROWS_AS(pin_this_thread({}), SyscallError);
  REQUIRE(allowed_cores() == before);
}

TEST_CASE("the CPU quota of control groups, version 2")
{
  if (!can_try_control_groups()) return;
  REQUIRE(quota_in({{"cpu.max", "150000 100000\n"}}) == 150);
  REQUIRE(quota_in({{"cpu.max", "50000 100000\n"}}) == 50);
  REQUIRE(quota_in({{"cpu.max", "max 100000\n"}}) == 0);
  REQUIRE(quota_in({{"cpu.max", "nonsense\n"}}) == 0);
  REQUIRE(quota_in({{"cpu.max", "100000 0\n"}}) == 0);
  REQUIRE(quota_in({}) == 0);
}

TEST_CASE("the CPU quota of control groups, version 1")
{
  if (!can_try_control_groups()) return;
  REQUIRE(quota_in({{"cpu/cpu.cfs_quota_us", "200000\n"}, {"cpu/cpu.cfs_period_us", "100000\n"}}) ==
          200);
  REQUIRE(quota_in({{"cpu/cpu.cfs_quota_us", "-1\n"}, {"cpu/cpu.cfs_period_us", "100000\n"}}) == 0);
}

TEST_CASE("usable cores follow the quota, and are at least one and at most the allowed ones")
{
  if (!can_try_control_groups()) return;
  const auto cores_under = [](const std::string& quota) {
    return in_control_group({{"cpu.max", quota}}, [] { return usable_cores(); });
  };
  const int allowed = static_cast<int>(allowed_cores().size());
  REQUIRE(cores_under("10000 100000") == 1);
  REQUIRE(cores_under("190000 100000") == 1);
  REQUIRE(cores_under("200000 100000") == std::min(2, allowed));
  REQUIRE(cores_under("99900000 100000") == allowed);
}

TEST_CASE("a control group's limit on processes counts where it is lower")
{
  if (!can_try_control_groups()) return;
  REQUIRE(in_control_group({{"pids.max", "25\n"}},
                           [] { return static_cast<int>(processes_limit()); }) == 25);
  const std::uint64_t alone = processes_limit();
  REQUIRE(in_control_group({{"pids.max", "max\n"}},
                           [=] { return processes_limit() >= alone ? 0 : 1; }) == 0);
}
