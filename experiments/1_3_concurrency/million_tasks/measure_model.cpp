#include "measure_model.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "harness/measure.hpp"
#include "os/child.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

struct Slept {
  long tasks = 0;
  double seconds = 0;
  double bytes = 0;   // of those asleep
  double asleep = 0;  // when all had begun
};

/// Starts the program, and reads what it says. Throws Skipped with its reason where it ran into a
/// limit.
Slept run_sleepers(const std::string& model, int tasks, std::chrono::milliseconds sleep)
{
  const std::string program = executable_folder() + "/sleepers";
  if (::access(program.c_str(), X_OK) == -1)
    throw Skipped(program + " is not there; build the target sleepers");
  Pipe report = make_pipe();
  Child child = Child::exec({program, model, std::to_string(tasks), std::to_string(sleep.count()),
                             std::to_string(report.write_end.get())},
                            {report.write_end.get()});
  report.write_end.reset();
  const std::string said = read_to_end(report.read_end);
  const ExitStatus status = child.wait();
  if (status.exit_code == kSkipped) throw Skipped(said);
  if (!status.good())
    throw std::runtime_error(fmt::format("sleepers ended with {}: {}", status.to_string(), said));
  Slept slept;
  if (!(std::istringstream(said) >> slept.tasks >> slept.seconds >> slept.bytes >> slept.asleep))
    throw std::runtime_error(fmt::format("sleepers said '{}'", said));
  return slept;
}

void check_limit(const Model& model, int tasks)
{
  const TaskLimit limit = model.limit();
  if (static_cast<std::uint64_t>(tasks) > limit.tasks)
    throw Skipped(
        fmt::format("{} {} are too many for this machine: {}", tasks, model.name, limit.name));
}

}  // namespace

Series measure_model(const Model& model, int tasks, std::chrono::milliseconds sleep)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      check_limit(model, tasks);
      double bytes = 0;
      double asleep = 0;
      double seconds = 0;
      const auto check = [&](const Slept& slept, Report& report) {
        if (slept.tasks != tasks)
          throw WrongAnswer(fmt::format("{} tasks of {} have slept", slept.tasks, tasks));
        report.units += tasks;
        bytes += slept.bytes;
        asleep += slept.asleep;
        seconds += slept.seconds;
        report.counters = {{"task_bytes", asleep > 0 ? bytes / asleep : 0},
                           {"slept_s", seconds * tasks / report.units}};
        report.bound_s = to_seconds(sleep);
        report.bound_name = "the sleep";
      };
      measure(
          state, [&] { return run_sleepers(model.name, tasks, sleep); }, check);
    });
  };
  return {model.name, {{"tasks", std::to_string(tasks)}}, body};
}

}  // namespace two_cakes
