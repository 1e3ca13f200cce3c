// blocking: one request after the other. While it waits, so does everybody.
#include "os/affinity.hpp"
#include "requests.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

/// Notes what this thread did from moment to moment, if there is somewhere to note it.
class Notes {
 public:
  Notes(Timeline* timeline, const Job& job)
      : lane_(timeline == nullptr ? nullptr : &timeline->lane(lane_name(job)))
  {
  }
  void until_now(TaskState state, const char* what)
  {
    const auto now = Clock::now();
    if (lane_ != nullptr) lane_->add(state, since_, now, current_core(), what);
    since_ = now;
  }

 private:
  Lane* lane_;
  Clock::time_point since_ = Clock::now();
};

Answer perform(const Requests& requests, const Job& job, Notes notes)
{
  Answer answer{.number = job.number};
  try {
    answer.fib_value = fib(requests.set_up_fib);
    notes.until_now(TaskState::kRunning, "set-up");
    wait_blocking(job, requests.target);
    notes.until_now(TaskState::kWaiting, "waits for the answer");
    answer.fib_value += compute(job);
    notes.until_now(TaskState::kRunning, "post-processing");
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  return answer;
}

}  // namespace

Outcome run_blocking(const Requests& requests, Timeline* timeline)
{
  Outcome outcome;
  for (const Job& job : requests.jobs)
    outcome.answers.push_back(perform(requests, job, Notes(timeline, job)));
  return outcome;
}

}  // namespace two_cakes
