#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/errors.hpp"
#include "harness/measure.hpp"

namespace two_cakes {

Series measure_model(const Model& model, const Work& work)
{
  const auto body = [=](benchmark::State& state) {
    double seconds = 0;
    double lost = 0;
    const auto check = [&](const Counted& counted, Report& report) {
      const auto wrong_by = std::abs(counted.final_count - 1);
      if (model.claims_to_be_right && wrong_by != 0)
        throw WrongAnswer(fmt::format("{} references at the end, not 1", counted.final_count));
      seconds += counted.seconds;
      lost = std::max(lost, static_cast<double>(wrong_by));
      report.units += static_cast<double>(work.pairs);
      report.counters = {{"pair_s", seconds / report.units}, {"lost", lost}};
    };
    measure(
        state, [&] { return model.run(work); }, check);
  };
  // What promises nothing is a case of its own: nobody is compared with it, and it is never called
  // fast.
  const char* promise = model.claims_to_be_right ? "right" : "nothing";
  return {model.name, {{"promise", promise}, {"workers", std::to_string(work.threads)}}, body};
}

}  // namespace two_cakes
