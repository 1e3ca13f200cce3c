#include "measure_model.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "harness/measure.hpp"
#include "os/child.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {

Series measure_model(const Model& model, int parent_mib, Ballast& ballast)
{
  const auto body = [=, &ballast](benchmark::State& state) {
    run_series(state, [&] {
      ballast.resize(static_cast<std::size_t>(parent_mib) * kMebibyte);
      const Ask ask = skip_at_a_limit(model.prepare);
      int question = 0;
      const auto run = [&] {
        question = question % kQuestions + 1;
        return skip_at_a_limit([&] { return ask(question); });
      };
      const auto check = [&](int answer, Report& report) {
        if (answer != answer_to(question))
          throw WrongAnswer(fmt::format("the answer to {} came as {}", question, answer));
        report.units += 1;
        // The meter counts from its own start, and a pool's child was born before.
        report.counters = {{"peak_processes", 1.0 + static_cast<double>(peak_living_children())}};
      };
      measure(state, run, check);
    });
  };
  return {model.name, {{"parent_mib", std::to_string(parent_mib)}}, body};
}

}  // namespace two_cakes
