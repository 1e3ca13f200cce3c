#include "measure_model.hpp"

#include <string>

#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {

Series measure_model(const Model& model, std::chrono::milliseconds delay, const Target& target)
{
  const auto body = [=](benchmark::State& state) {
    const TwoRequests requests{
        .target = target,
        .jobs = {Job{.number = 0, .wait = delay}, Job{.number = 1, .wait = delay}}};
    const auto run = [&] {
      skip_at_a_limit([&] { model.run(requests); });
      return true;  // each model has checked both answers, or thrown
    };
    const auto check = [&](bool, Report& report) {
      report.units += 2;
      report.bound_s = to_seconds(delay) * (model.at_once ? 1 : 2);
      report.bound_name = model.at_once ? "the longer wait, d" : "the sum of both waits, 2d";
    };
    measure(state, run, check);
  };
  return {model.name, {{"delay_ms", std::to_string(delay.count())}}, body};
}

}  // namespace two_cakes
