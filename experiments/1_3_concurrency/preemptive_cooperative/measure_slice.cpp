#include "measure_slice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

double percentile(Stretches& stretches, double share)
{
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(stretches.size() - 1));
  std::ranges::nth_element(stretches, stretches.begin() + static_cast<std::ptrdiff_t>(rank));
  return stretches[rank];
}

}  // namespace

Series measure_slice(const SpinModel& model, int spinners, std::chrono::milliseconds time,
                     Timeline& timeline)
{
  const auto body = [=, &timeline](benchmark::State& state) {
    const Spin spin{spinners, allowed_cores().front(), time};
    Stretches all;
    const auto run = [&] {
      timeline.begin_iteration();
      return skip_at_a_limit([&] { return model.spin(spin, timeline); });
    };
    measure(state, run, [&](const Stretches& stretches, Report& report) {
      all.insert(all.end(), stretches.begin(), stretches.end());
      if (all.empty())
        throw Skipped(fmt::format("nobody had to give the core away in {} ms; --spin-ms takes more",
                                  time.count()));
      report.units += spinners;
      report.counters = {{"slice_s", percentile(all, 0.5)},
                         {"slice_p90_s", percentile(all, 0.9)},
                         {"slices", static_cast<double>(all.size())}};
    });
  };
  return {model.name, {{"spinners", std::to_string(spinners)}}, body};
}

}  // namespace two_cakes
