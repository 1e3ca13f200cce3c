#include "os/usage.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <string>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "os/files.hpp"

namespace two_cakes {
namespace {

std::chrono::microseconds to_duration(const timeval& time)
{
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

Usage usage_of(__rusage_who who)
{
  rusage usage{};
  check_syscall("getrusage", ::getrusage(who, &usage));
  return {.user = to_duration(usage.ru_utime),
          .system = to_duration(usage.ru_stime),
          .voluntary_switches = usage.ru_nvcsw,
          .involuntary_switches = usage.ru_nivcsw,
          .minor_faults = usage.ru_minflt};
}

}  // namespace

Usage& Usage::operator+=(const Usage& other)
{
  user += other.user;
  system += other.system;
  voluntary_switches += other.voluntary_switches;
  involuntary_switches += other.involuntary_switches;
  minor_faults += other.minor_faults;
  return *this;
}

Usage& Usage::operator-=(const Usage& other)
{
  user -= other.user;
  system -= other.system;
  voluntary_switches -= other.voluntary_switches;
  involuntary_switches -= other.involuntary_switches;
  minor_faults -= other.minor_faults;
  return *this;
}

Usage operator+(Usage left, const Usage& right) { return left += right; }
Usage operator-(Usage left, const Usage& right) { return left -= right; }

Usage usage_of_process() { return usage_of(RUSAGE_SELF); }
Usage usage_of_children() { return usage_of(RUSAGE_CHILDREN); }
Usage usage_of_thread() { return usage_of(RUSAGE_THREAD); }

std::chrono::nanoseconds cpu_time_of_thread()
{
  timespec time{};
  check_syscall("clock_gettime", ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time));
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::nanoseconds cpu_time_of_process(pid_t pid)
{
  clockid_t clock{};
  const int error = ::clock_getcpuclockid(pid, &clock);
  if (error != 0) throw SyscallError(error, "clock_getcpuclockid", std::to_string(pid));
  timespec time{};
  check_syscall("clock_gettime", ::clock_gettime(clock, &time), std::to_string(pid));
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void reset_peak_memory()
{
  const UniqueFd file{::open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)};
  if (file) [[maybe_unused]]
    const ssize_t written = ::write(file.get(), "5", 1);  // 5: VmHWM, proc(5)
}

std::size_t peak_memory_bytes()
{
  const std::string status = read_file_or_empty("/proc/self/status");
  const auto line = status.find("VmHWM:");
  if (line == std::string::npos) return 0;
  const auto digits = status.find_first_of("0123456789", line);
  std::size_t kibibytes = 0;
  std::from_chars(status.data() + digits, status.data() + status.size(), kibibytes);
  return kibibytes * 1024;
}

std::size_t living_threads()
{
  struct stat folder {};
  // A folder has one link for itself, one for its name, and one for each folder in it: a thread.
  check_syscall("stat", ::stat("/proc/self/task", &folder), "/proc/self/task");
  return folder.st_nlink - 2;
}

}  // namespace two_cakes
