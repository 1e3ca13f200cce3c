// A test over each way to wait that this machine has.
#pragma once

#include <string>
#include <vector>

#include "coroutine_case.hpp"
#include "wait/completion.hpp"
#include "wait/poller.hpp"

namespace two_cakes::testing {

inline std::vector<std::string> backends_here()
{
  std::vector<std::string> here;
  for (const std::string& name : poller_names())
    if (why_no_poller(name).empty()) here.push_back(name);
  for (const std::string& name : completion_names())
    if (why_no_completion(name).empty()) here.push_back(name);
  return here;
}

/// One after the other: the test case runs once for each.
inline std::string every_backend() { return GENERATE(from_range(backends_here())); }

}  // namespace two_cakes::testing
