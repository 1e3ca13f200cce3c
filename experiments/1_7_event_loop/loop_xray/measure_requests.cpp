#include "measure_requests.hpp"

#include <algorithm>
#include <string>

#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

struct Bound {
  double seconds;
  const char* name;
};

Bound bound_of(const Requests& requests, bool one_by_one)
{
  const auto count = static_cast<double>(requests.jobs.size());
  const double before_s = seconds_for_fib(requests.set_up_fib);
  const double after_s = seconds_for_fib(requests.jobs.front().fib);
  const double wait_s = to_seconds(requests.jobs.front().wait);
  if (one_by_one) return {count * (before_s + wait_s + after_s), "sum of all requests"};
  const double first_s = before_s + wait_s + count * after_s;  // its answer begins the second half
  const double last_s = count * before_s + wait_s + after_s;
  const double work_s = count * (before_s + after_s);
  return {std::max({first_s, last_s, work_s}), "one wait, all computing behind it"};
}

}  // namespace

Series measure_requests(const Model& model, const Requests& requests, Timeline* timeline)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const Bound bound = bound_of(requests, model.run == run_blocking);
      double resumes = 0;
      const auto run = [&] {
        if (timeline != nullptr) timeline->begin_iteration();
        return skip_at_a_limit([&] { return model.run(requests, timeline); });
      };
      measure(state, run, [&](const Outcome& outcome, Report& report) {
        check(outcome.answers, requests);
        report.units += static_cast<double>(requests.jobs.size());
        resumes += outcome.resumes;
        if (resumes > 0)
          report.counters = {
              {"resumes", resumes * static_cast<double>(requests.jobs.size()) / report.units}};
        report.bound_s = bound.seconds;
        report.bound_name = bound.name;
      });
    });
  };
  return {model.name,
          {{"requests", std::to_string(requests.jobs.size())},
           {"trace", timeline == nullptr ? "off" : "on"}},
          body};
}

}  // namespace two_cakes
