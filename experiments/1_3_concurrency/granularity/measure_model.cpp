#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

Work work_on(int cores, int updates)
{
  std::vector<int> allowed = allowed_cores();
  if (cores > usable_cores())
    throw Skipped(
        fmt::format("{} cores are needed, and this process may use {} (taskset or a "
                    "control group)",
                    cores, usable_cores()));
  return {updates - updates % kWorkers, {allowed.front(), allowed[cores - 1]}};
}

std::int64_t lost_updates(const Outcome& outcome, Job job, std::int64_t updates)
{
  const std::int64_t lost = std::abs(updates - outcome.first);
  return job == Job::kCount ? lost : lost + std::abs(updates + outcome.second);
}

}  // namespace

Mechanism mechanism_of(const Model& model, Job job)
{
  return job == Job::kCount ? model.count : model.move;
}

Series measure_model(const Model& model, Job job, int updates, int cores)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const Work work = work_on(cores, updates);
      double seconds = 0;
      std::int64_t lost = 0;
      std::int64_t broken = 0;
      const auto check = [&](const Outcome& outcome, Report& report) {
        lost = std::max(lost, lost_updates(outcome, job, work.updates));
        broken = std::max(broken, outcome.broken_sums);
        if (model.claims_to_be_right && lost + broken != 0)
          throw WrongAnswer(fmt::format("{} updates of {} are lost, and {} sums were wrong", lost,
                                        work.updates, broken));
        seconds += outcome.seconds;
        report.units += static_cast<double>(work.updates);
        report.counters = {{"update_s", seconds / report.units},
                           {"lost", static_cast<double>(lost)},
                           {"broken", static_cast<double>(broken)}};
      };
      measure(
          state, [&] { return skip_at_a_limit([&] { return mechanism_of(model, job)(work); }); },
          check);
    });
  };
  // What promises nothing is a case of its own: nobody is compared with it, and it is never called
  // fast.
  return {model.name,
          {{"promise", model.claims_to_be_right ? "right" : "nothing"},
           {"job", job == Job::kCount ? "count" : "move"},
           {"cores", std::to_string(cores)}},
          body};
}

}  // namespace two_cakes
