#include "measure_switch.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

Play play_on(bool across, int hand_overs)
{
  const std::vector<int> cores = allowed_cores();
  if (across && usable_cores() < 2)
    throw Skipped("two cores are needed, and this process may use 1 (taskset or a control group)");
  return {hand_overs - hand_overs % 2, cores.front(), across ? cores[1] : cores.front()};
}

}  // namespace

Series measure_switch(const SwitchModel& model, int hand_overs, bool across)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const Play play = play_on(across, hand_overs);
      double seconds = 0;
      const auto check = [&](const Played& played, Report& report) {
        const long each = play.hand_overs / 2;
        if (played.passes_a != each || played.passes_b != each)
          throw WrongAnswer(fmt::format("the turn was passed on {} and {} times, not {} each",
                                        played.passes_a, played.passes_b, each));
        seconds += played.seconds;
        report.units += play.hand_overs;
        report.counters = {{"switch_s", seconds / report.units}};
      };
      measure(
          state, [&] { return skip_at_a_limit([&] { return model.play(play); }); }, check);
    });
  };
  return {model.name, {{"cores", across ? "two" : "one"}}, body};
}

}  // namespace two_cakes
