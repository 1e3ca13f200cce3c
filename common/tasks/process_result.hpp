// What became of a job that another process was to do.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace two_cakes {

/// A job's outcome: the bytes that the worker sent back, or why there are none.
struct ProcessResult {
  std::string bytes;
  std::string problem;  // "killed by SIGKILL", or what the handler threw; empty where all went well
  [[nodiscard]] bool good() const { return problem.empty(); }
};

inline ProcessResult failure(std::string problem)
{
  return {.bytes = {}, .problem = std::move(problem)};
}

/// Runs in the worker, for each job.
using JobHandler = std::function<std::string(std::string_view job)>;

/// Runs the handler, and turns what it throws into a problem.
ProcessResult outcome_of(const JobHandler& handler, std::string_view job);

}  // namespace two_cakes
