#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "os/skip_at_a_limit.hpp"
#include "ring.hpp"

namespace two_cakes {
namespace {

bool is_loop(const Model& model)
{
  return model.take_turns == switch_event_loop || model.take_turns == switch_coroutines;
}

Series series_of(const Model& model, const char* what, const Plan& plan,
                 const std::function<Outcome()>& run)
{
  const bool loop = is_loop(model);
  const auto body = [=](benchmark::State& state) {
    double seconds = 0;
    const auto on_one_core = [&] {
      if (!loop && plan.tasks > Ring::kMost)
        throw Skipped(fmt::format("{} at most are made here", Ring::kMost));
      const ScopedPin here({allowed_cores().front()});
      return skip_at_a_limit(run);
    };
    measure(state, on_one_core, [&](const Outcome& outcome, Report& report) {
      for (std::size_t i = 0; i < outcome.turns.size(); ++i)
        if (outcome.turns[i] != plan.rounds)
          throw WrongAnswer(
              fmt::format("task {} had {} turns, not {}", i, outcome.turns[i], plan.rounds));
      seconds += to_seconds(outcome.end - outcome.begin);
      report.units += static_cast<double>(plan.tasks) * plan.rounds;
      report.counters = {{"each_s", seconds / report.units}};
    });
  };
  return {model.name, {{"what", what}, {"tasks", std::to_string(plan.tasks)}}, body};
}

}  // namespace

Series measure_switch(const Model& model, int tasks, const Settings& settings)
{
  const int switches = is_loop(model) ? 10 * settings.switches : settings.switches;
  const Plan plan{tasks, std::max(2, switches / tasks)};
  return series_of(model, "switch", plan, [=] { return model.take_turns(plan); });
}

Series measure_creation(const Model& model, int tasks)
{
  return series_of(model, "create", {tasks, 1}, [=] { return model.create(tasks); });
}

}  // namespace two_cakes
