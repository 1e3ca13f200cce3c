#include "measure_model.hpp"

#include <fmt/format.h>

#if __has_include(<sys/prctl.h>)
#include <sys/prctl.h>
#endif

#include "base/errors.hpp"
#include "bound.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

Ovens ovens_for(const Model& model)
{
  const int cores = usable_cores();
  if (cores < model.ovens)
    throw Skipped(
        fmt::format("{} ovens need as many cores, and this process may use {} (taskset, "
                    "a control group or the machine allow no more)",
                    model.ovens, cores));
  Ovens ovens = allowed_cores();
  ovens.resize(model.ovens);
  return ovens;
}

/// By default Linux wakes a thread up to 50 us late, to wake several at once: prctl(2). The bakers,
/// threads that are made later, inherit it.
void let_pauses_end_on_time()
{
#ifdef PR_SET_TIMERSLACK
  ::prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
#endif
}

void check(const Cakes& cakes, const Cake& wanted)
{
  for (std::size_t i = 0; i < cakes.size(); ++i)
    if (cakes[i].turns != wanted.turns || cakes[i].mark != wanted.mark)
      throw WrongAnswer(fmt::format("cake {} had {} turns of {}, or not the work of each", i + 1,
                                    cakes[i].turns, wanted.turns));
}

}  // namespace

Series measure_model(const Model& model, const Order& order, Timeline& timeline)
{
  const auto body = [=, &timeline](benchmark::State& state) {
    run_series(state, [&] {
      const Ovens ovens = ovens_for(model);
      let_pauses_end_on_time();
      const Cake wanted = finished_cake(order.recipe);
      const bool serial = model.bake == bake_serial;
      const Bound bound = serial ? bound_one_by_one(order) : bound_at_once(order, model.ovens);
      const auto run = [&] {
        timeline.begin_iteration();
        return skip_at_a_limit([&] { return model.bake(order, ovens, timeline); });
      };
      measure(state, run, [&](const Cakes& cakes, Report& report) {
        check(cakes, wanted);
        report.units += order.cakes * order.recipe.turns;
        report.bound_s = bound.seconds;
        report.bound_name = bound.name;
      });
    });
  };
  return {
      model.name, {{"recipe", order.recipe.name}, {"cakes", std::to_string(order.cakes)}}, body};
}

}  // namespace two_cakes
