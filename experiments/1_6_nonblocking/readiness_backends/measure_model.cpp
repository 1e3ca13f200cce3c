#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"

namespace two_cakes {
namespace {

// The same for all models. So many in one go that the clock's own cost is little beside them, and
// few enough that those who look at all descriptors are soon done.
int waits_at_once(int count) { return std::clamp(200'000 / count, 40, 1'000); }

}  // namespace

Series measure_model(const Model& model, int count, Descriptors& descriptors)
{
  const auto body = [=, &descriptors](benchmark::State& state) {
    run_series(state, [&] {
      const WaitMany wait_many = model.prepare(model.name, descriptors.watched(count));
      const int waits = waits_at_once(count);
      double seconds = 0;
      Clock::time_point start;
      const auto run = [&] {
        start = Clock::now();
        const int right = wait_many(waits);
        seconds += to_seconds(Clock::now() - start);
        return right;
      };
      const auto check = [&](int right, Report& report) {
        if (right != waits)
          throw WrongAnswer(
              fmt::format("{} of {} waits brought something else than the one ready "
                          "descriptor",
                          waits - right, waits));
        report.units += waits;
        report.counters = {{"wait_s", seconds / report.units}};
      };
      measure(state, run, check);
    });
  };
  return {model.name, {{"descriptors", std::to_string(count)}}, body};
}

}  // namespace two_cakes
