#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "convoy.hpp"
#include "harness/measure.hpp"
#include "jobs.hpp"
#include "measure.hpp"

namespace two_cakes {
namespace {

/// Throws WrongAnswer unless every request was answered and every unit computed right.
void check_result(const ConvoyResult& result, const Convoy& convoy)
{
  if (result.request_s.size() != static_cast<std::size_t>(convoy.requests))
    throw WrongAnswer(fmt::format("{} requests came to an end, not {}", result.request_s.size(),
                                  convoy.requests));
  const auto units = static_cast<std::uint64_t>(result.portions) *
                     static_cast<std::uint64_t>(convoy.portion_units);
  if (result.sum != units * kUnitSum)
    throw WrongAnswer(fmt::format("{} times fib({}) added up to {}", units, kUnit, result.sum));
}

void add_latencies(const ConvoyResult& result, Report& report)
{
  const Clock::time_point start{};
  for (const double each : result.request_s)
    report.latencies.add(start, start + std::chrono::round<Clock::duration>(Seconds(each)));
}

}  // namespace

Series measure_convoy(const Lock& lock, std::chrono::microseconds switch_interval,
                      const Settings& settings)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const Convoy convoy{.requests = settings.requests,
                          .portion_units = lock.units_in(std::chrono::microseconds(100)),
                          .switch_interval = switch_interval};
      double elapsed_s = 0;
      double portions = 0;
      const auto check = [&](const ConvoyResult& result, Report& report) {
        check_result(result, convoy);
        add_latencies(result, report);
        portions += static_cast<double>(result.portions);
        report.units += convoy.requests;
        report.counters = {{"request_s", report.latencies.percentile_ms(50) / 1000},
                           {"portion_s", elapsed_s / std::max(portions, 1.0)}};
      };
      const auto run = [&] {
        const auto started = Clock::now();
        ConvoyResult result = lock.run_convoy(convoy);
        elapsed_s += to_seconds(Clock::now() - started);
        return result;
      };
      measure(state, run, check);
    });
  };
  const std::string interval_ms = fmt::format("{:g}", to_milliseconds(switch_interval));
  return {lock.name, {{"beside", "cpu"}, {"interval_ms", interval_ms}}, body};
}

}  // namespace two_cakes
