#include "settings.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"

namespace two_cakes {

using std::chrono::microseconds;

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--switch-interval-us", switch_interval_us,
                    "The switch interval of both locks where threads vary, 100 to 100000 (0: "
                    "CPython's own, 5000)",
                    0);
  experiment.option("--requests", requests,
                    "Requests beside a computing thread (0: quick 2, full 20)", 0);
}

void Settings::complete(const Experiment& experiment)
{
  if (switch_interval_us == 0) switch_interval_us = 5'000;
  if (switch_interval_us < 100 || switch_interval_us > 100'000)
    throw UsageError(fmt::format("--switch-interval-us: {} is outside 100 to 100000 microseconds",
                                 switch_interval_us));
  if (requests == 0) requests = experiment.pick(2, 2, 20);
  threads = experiment.pick<std::vector<int>>({2}, {1, 2, 4, 8}, {1, 2, 4, 8});
  busy = experiment.pick(microseconds(1'000), microseconds(4'000), microseconds(25'000));
  const auto in_us = experiment.pick<std::vector<int>>({1'000}, {500, 5'000, 20'000},
                                                       {100, 500, 1'000, 5'000, 20'000, 100'000});
  for (const int each : in_us) intervals.emplace_back(each);
}

}  // namespace two_cakes
