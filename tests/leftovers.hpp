// What a test may leave behind of this process: descriptors and children.
#pragma once

#include <sys/wait.h>

#include <cerrno>
#include <filesystem>

namespace two_cakes::testing {

inline std::size_t open_descriptors()
{
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

inline bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace two_cakes::testing
