#include "measure_model.hpp"

#include <fmt/format.h>

#include <csignal>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

ExitStatus expected_end(const Model& model, Trouble trouble)
{
  if (trouble == Trouble::kLeaks) return model.after_leak;
  if (trouble == Trouble::kSegfault) return {.signal = SIGSEGV};
  return {.signal = trouble == Trouble::kUsesUpCpu ? SIGXCPU : SIGKILL};
}

void check_facts(const Aftermath& aftermath, const Model& model, Trouble trouble)
{
  const std::string expected = expected_end(model, trouble).to_string();
  const std::string found = aftermath.end.status.to_string();
  if (found != expected)
    throw WrongAnswer(fmt::format("it ended with {}, not {}", found, expected));
  if (aftermath.bystander_answers != model.bystander_lives)
    throw WrongAnswer(model.bystander_lives ? "the bystander was taken along"
                                            : "the bystander lives");
  if (living_children() != 0)
    throw WrongAnswer(fmt::format("{} children are left", living_children()));
}

}  // namespace

Series measure_model(const Model& model, Trouble trouble, std::chrono::milliseconds patience)
{
  const auto body = [=](benchmark::State& state) {
    double notice_s = 0;
    double bystanders = 0;
    const auto run = [&] { return skip_at_a_limit([&] { return model.run(trouble, patience); }); };
    const auto check = [&](const Aftermath& aftermath, Report& report) {
      check_facts(aftermath, model, trouble);
      report.units += 1;
      notice_s += to_seconds(aftermath.end.noticed_after);
      bystanders += aftermath.bystander_answers ? 1 : 0;
      report.counters = {{"notice_s", notice_s / report.units},
                         {"bystanders", bystanders / report.units}};
    };
    measure(state, run, check);
  };
  return {model.name, {{"trouble", name_of(trouble)}}, body};
}

}  // namespace two_cakes
