#include "watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "harness/interrupt.hpp"

namespace two_cakes {
namespace {

constexpr int kTicksPerMark = 8;  // 100 turns a second would only flicker

/// The line of one model: a spinner that turns, and a strip that keeps its history, with a hole
/// wherever no tick came.
class Line {
 public:
  Line(std::string_view model, std::string_view operation)
      : head_(fmt::format("{:<12} {:<16}", operation, model))
  {
  }

  void draw(const Spinner& spinner)
  {
    const std::size_t mark = static_cast<std::size_t>(spinner.due()) / kTicksPerMark;
    if (strip_.size() <= mark) strip_.resize(mark + 1, '_');
    strip_[mark] = '#';
    fmt::print("\r{} {}  {}", head_, R"(|/-\)"[mark % 4], strip_);
    std::fflush(stdout);
  }

  void finish(const Spinner& spinner) const
  {
    fmt::print("\r{} =  {}\n{:>31}{} of {} ticks lost, the longest gap {:.0f} ms\n", head_, strip_,
               "", spinner.lost(), spinner.due(), to_milliseconds(spinner.longest_gap()));
    std::fflush(stdout);
  }

 private:
  std::string head_;
  std::string strip_;
};

void show(const Model& model, const Operation& operation, const Settings& settings)
{
  Line line(model.name, operation.name);
  Spinner spinner(settings.interval, [&line](const Spinner& turned) { line.draw(turned); });
  const Answer answer = model.run(operation, spinner);
  line.finish(spinner);
  check_answer(answer, operation);
}

void check_can_watch(std::span<const Model> models, const std::string& wanted)
{
  std::string known;
  bool found = wanted == "all";
  for (const Model& model : models) {
    known += fmt::format(", {}", model.name);
    found = found || wanted == model.name;
  }
  if (!found)
    throw UsageError(fmt::format("--watch: unknown model '{}'; there are all{}", wanted, known));
  if (::isatty(STDOUT_FILENO) == 0)
    throw UsageError(
        "--watch: stdout is no terminal; run it in one, or leave --watch away to measure");
}

}  // namespace

int watch(std::span<const Model> models, std::span<const Operation> operations,
          const Settings& settings)
{
  check_can_watch(models, settings.watch);
  fmt::print("It should tick every {} ms while one operation of {} ms goes on. Ctrl-C ends it.\n",
             settings.interval.count(), settings.length.count());
  for (const Operation& operation : operations)
    for (const Model& model : models) {
      if (settings.watch != "all" && settings.watch != model.name) continue;
      if (interrupted()) return kInterrupted;
      show(model, operation, settings);
    }
  return interrupted() ? kInterrupted : kGood;
}

}  // namespace two_cakes
