#include "measure_way.hpp"

#include <algorithm>
#include <vector>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

struct Round {
  Told told;
  Meanwhile meanwhile;
};

void check_round(const Round& round, const LongTask& task)
{
  if (round.told.ending.sum != task.known_sum()) throw WrongAnswer("the task's sum is wrong");
  if (!round.meanwhile.right()) throw WrongAnswer("the starter's own work is incomplete or wrong");
  if (round.told.noticed < round.told.ending.finished)
    throw WrongAnswer("the end was told before it came");
}

}  // namespace

Series measure_way(const Way& way, std::chrono::milliseconds length, double per_fib, int rounds)
{
  const auto fibs =
      std::max<std::uint64_t>(8, static_cast<std::uint64_t>(to_seconds(length) / per_fib));
  const LongTask task{.fibs = fibs};
  // A part of the task, so that its starter waits when it ends; of a very long one a small part.
  const int pieces = static_cast<int>(std::min<std::uint64_t>(fibs / 4, 10'000));
  const auto body = [=](benchmark::State& state) {
    double done_meanwhile = 0;
    const auto run = [&] {
      std::vector<Round> all;
      for (int i = 0; i < rounds; ++i) {
        Meanwhile meanwhile(pieces);
        const Told told = skip_at_a_limit([&] { return way.run(task, meanwhile); });
        all.push_back({told, std::move(meanwhile)});
      }
      return all;
    };
    const auto check = [&](const std::vector<Round>& all, Report& report) {
      for (const Round& round : all) {
        check_round(round, task);
        report.units += 1;
        report.latencies.add(round.told.ending.finished, round.told.noticed);
        done_meanwhile +=
            static_cast<double>(round.meanwhile.done_before(round.told.ending.finished)) / pieces;
      }
      report.counters = {{"notice_s", report.latencies.percentile_ms(50) / 1000},
                         {"pieces_meanwhile", done_meanwhile / report.units}};
    };
    block_sigchld();  // before the meter starts its thread, which would take the signal
    measure(state, run, check);
  };
  return {way.name, {{"task", "computation"}}, body};
}

}  // namespace two_cakes
