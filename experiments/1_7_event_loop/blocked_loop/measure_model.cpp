#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

void check_ticks(const std::vector<Ticks::Tick>& ticks, const Plan& plan)
{
  if (ticks.size() != static_cast<std::size_t>(plan.ticks))
    throw WrongAnswer(fmt::format("{} ticks of {} came", ticks.size(), plan.ticks));
  const auto early = [](const Ticks::Tick& tick) { return tick.came < tick.due; };
  if (std::ranges::any_of(ticks, early)) throw WrongAnswer("a tick came before it was due");
}

/// Since when a client waited who begins with a tick only when the one before has come.
Clock::time_point begun(const std::vector<Ticks::Tick>& ticks, std::size_t tick)
{
  const auto due = ticks[tick].due;
  return tick == 0 ? due : std::max(due, ticks[tick - 1].came);
}

bool came_meanwhile(const Ticks::Tick& tick, const Computed& computed)
{
  return tick.came > computed.began && tick.came < computed.ended;
}

/// What was seen of all iterations.
struct Seen {
  Latencies by_all;             // since a tick was due
  Latencies by_waiting_client;  // since it was begun()
  double iterations = 0;
  double meanwhile = 0;  // ticks that came while the computation went on

  void add(const Outcome& outcome)
  {
    const auto& ticks = outcome.ticks;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      by_all.add(ticks[i].due, begun(ticks, i), ticks[i].came);
      by_waiting_client.add(begun(ticks, i), ticks[i].came);
      meanwhile += came_meanwhile(ticks[i], outcome.computed) ? 1 : 0;
    }
    ++iterations;
  }
};

}  // namespace

Series measure_model(const Model& model, const Plan& plan)
{
  const auto body = [=](benchmark::State& state) {
    Seen seen;
    const auto run = [&] { return skip_at_a_limit([&] { return model.run(plan); }); };
    measure(state, run, [&](const Outcome& outcome, Report& report) {
      check_ticks(outcome.ticks, plan);
      check_computed(outcome.computed, plan.block);
      seen.add(outcome);
      report.units += plan.ticks;
      report.latencies = seen.by_all;
      report.counters = {
          {"ticks_meanwhile", seen.meanwhile / seen.iterations},
          {"p50_s", seen.by_all.percentile_ms(50) / 1e3},
          {"p99_s", seen.by_all.percentile_ms(99) / 1e3},
          {"max_s", seen.by_all.percentile_ms(100) / 1e3},
          {"p99_waiting_client_s", seen.by_waiting_client.percentile_ms(99) / 1e3},
          {"max_waiting_client_s", seen.by_waiting_client.percentile_ms(100) / 1e3},
      };
    });
  };
  return {model.name,
          {{"ticks", std::to_string(plan.ticks)}, {"block_ms", std::to_string(plan.block.count())}},
          body};
}

}  // namespace two_cakes
