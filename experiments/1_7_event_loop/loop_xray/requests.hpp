// The requests: each computes, waits for the slow server, and computes again.
#pragma once

#include <string>
#include <vector>

#include "harness/timeline.hpp"
#include "work/job.hpp"

namespace two_cakes {

struct Requests {
  Target target;
  std::vector<Job> jobs;  // a wait, and the post-processing
  int set_up_fib = 0;     // computed before the wait
};

/// What was noted in passing.
struct Outcome {
  Answers answers;
  int resumes = 0;  // how often a task was gone on with, where that was counted
};

// Each makes all of `requests` on the calling thread. `timeline` gets a lane for each request, or
// is nullptr. Blocks. What fails is told in its answer.

/// One after the other.
Outcome run_blocking(const Requests& requests, Timeline* timeline);
/// A task for each on an event loop. Notes are taken by the loop's observer.
Outcome run_coroutines(const Requests& requests, Timeline* timeline);

/// "request 1" for the first: what its lane is called.
std::string lane_name(const Job& job);

/// Throws WrongAnswer unless each request was answered, and computed what it should.
void check(const Answers& answers, const Requests& requests);

}  // namespace two_cakes
