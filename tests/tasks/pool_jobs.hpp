// Jobs for a process pool, and what to do with them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace two_cakes::testing {

inline std::string same_again(std::string_view job) { return std::string(job); }

/// "0", "1", "2", ...
inline std::vector<std::string> numbers(std::size_t count)
{
  std::vector<std::string> jobs;
  for (std::size_t i = 0; i < count; ++i) jobs.push_back(std::to_string(i));
  return jobs;
}

}  // namespace two_cakes::testing
