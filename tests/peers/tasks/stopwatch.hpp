// What the measurements of tasks share: a clock, the memory, and the command line
// (PROGRAM COUNT, or PROGRAM --sleepers COUNT).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace peers {

/// So many tasks or callbacks are there at once: a loop looks for events once a turn, not for each.
inline constexpr int kAtOnce = 100;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const
  {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] double ns_per(int count) const { return 1e9 * seconds() / count; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// `value`, where the work behind it was really done; else the program ends.
inline double check(bool done, double value)
{
  if (done) return value;
  std::fprintf(stderr, "wrong: not all of the work was done\n");
  std::exit(1);
}

/// A line of /proc/self/status, in bytes.
inline std::size_t status_bytes(const std::string& name)
{
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":"))
      return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) * 1024;
  return 0;
}
inline std::size_t resident_bytes() { return status_bytes("VmRSS"); }

/// The peak over what was resident before, for each sleeper.
inline void report_sleepers(double seconds, std::size_t before, int count)
{
  const auto bytes = static_cast<double>(status_bytes("VmHWM") - before) / count;
  std::printf("sleep_s=%.6f sleep_bytes=%.1f\n", seconds, bytes);
}

inline bool sleeping_wanted(int argc, char** argv)
{
  return argc > 1 && std::strcmp(argv[1], "--sleepers") == 0;
}

inline int number(int argc, char** argv)
{
  const int count = argc > 1 ? std::atoi(argv[argc - 1]) : 0;
  if (count >= 1) return count;
  std::fprintf(stderr, "usage: %s [--sleepers] COUNT\n", argv[0]);
  std::exit(2);
}

}  // namespace peers
