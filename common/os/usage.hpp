// What a process has used of the machine: CPU time, context switches, page faults, memory, threads.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace two_cakes {

/// Counted by the kernel since the process (or thread) began; getrusage(2). Differences are what is
/// reported.
struct Usage {
  std::chrono::microseconds user{0};
  std::chrono::microseconds system{0};
  long voluntary_switches = 0;    // gave the core away to wait
  long involuntary_switches = 0;  // lost the core to somebody else
  long minor_faults = 0;          // pages taken without reading a disk

  Usage& operator+=(const Usage& other);
  Usage& operator-=(const Usage& other);
};

Usage operator+(Usage left, const Usage& right);
Usage operator-(Usage left, const Usage& right);

/// All threads of this process. The kernel counts user and system time in ticks of the scheduler's
/// clock.
Usage usage_of_process();

/// All children that ended and were reaped, and theirs. A child that still runs isn't in it yet.
Usage usage_of_children();

/// The calling thread alone.
Usage usage_of_thread();

/// CPU time of the calling thread so far, to the nanosecond: what it computed, in contrast to what
/// it waited.
std::chrono::nanoseconds cpu_time_of_thread();

/// CPU time of all threads of another process so far, to the nanosecond; its children's not. Throws
/// SyscallError (ESRCH) where there is no such process.
std::chrono::nanoseconds cpu_time_of_process(pid_t pid);

/// Starts the measurement of peak memory anew, so that the next figure is of what comes from here
/// on. Where the kernel doesn't let it, the peak stays that of the whole life.
void reset_peak_memory();

/// The most memory of this process that was resident at once since the last reset, in bytes
/// (VmHWM).
std::size_t peak_memory_bytes();

/// How many threads this process has now. Cheap: one stat() of a folder.
std::size_t living_threads();

}  // namespace two_cakes
