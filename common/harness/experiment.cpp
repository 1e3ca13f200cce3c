#include "harness/experiment.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <set>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "harness/command_line.hpp"
#include "harness/google_flags.hpp"
#include "harness/interrupt.hpp"
#include "harness/machine.hpp"
#include "harness/progress.hpp"
#include "harness/reporter.hpp"
#include "os/files.hpp"
#include "os/limits.hpp"

namespace two_cakes {

struct Experiment::State {
  explicit State(Identity who)
      : identity(std::move(who)),
        command_line(identity.name, identity.title)
  {
  }

  Identity identity;
  CommandLine command_line;
  Flags flags;
  std::vector<std::string> arguments;  // Google Benchmark keeps pointers into them
  std::vector<Series> series;
  std::set<std::string> begun;
  std::set<std::string> failed;
  std::unique_ptr<Progress> progress;
  Timeline timeline;
  bool has_timeline = false;
  std::string timeline_file;
  bool people = true;  // false where Google Benchmark's own display was asked for
};

namespace {

/// The command line as Google Benchmark wants it: its own flags only, with our default in front,
/// where a later flag beats it.
std::vector<std::string> for_google_benchmark(const char* program, std::vector<std::string> rest)
{
  // A process is one trial among several: long series run once, short ones long enough for the
  // clock.
  rest.insert(rest.begin(), {program, "--benchmark_min_time=" TWO_CAKES_MIN_TIME});
  return rest;
}

/// A filter that matches nothing is Google Benchmark's own line on the reporter's error stream;
/// ours says what to do.
std::string nothing_matched(const std::string& experiment)
{
  return fmt::format(
      "no series of {} matches the filter '{}'; --benchmark_list_tests=true lists them", experiment,
      benchmark::GetBenchmarkFilter());
}

}  // namespace

Experiment::Experiment(Identity identity) : state_(std::make_unique<State>(std::move(identity))) {}

Experiment::~Experiment() = default;

void Experiment::option(const std::string& flag, int& value, const std::string& help, int smallest)
{
  state_->command_line.option(flag, value, help, smallest);
}

void Experiment::option(const std::string& flag, bool& value, const std::string& help)
{
  state_->command_line.option(flag, value, help);
}

void Experiment::option(const std::string& flag, std::string& value, const std::string& help)
{
  state_->command_line.option(flag, value, help);
}

void Experiment::option(const std::string& flag, std::chrono::milliseconds& value,
                        const std::string& help)
{
  state_->command_line.option(flag, value, help);
}

Timeline& Experiment::timeline()
{
  if (!std::exchange(state_->has_timeline, true))
    option("--timeline", state_->timeline_file,
           "Write who ran when to this file, for chrome://tracing or Perfetto");
  return state_->timeline;
}

void Experiment::parse(int argc, char** argv)
{
  state_->flags = state_->command_line.parse(argc, argv);
  auto& arguments = state_->arguments;
  arguments = for_google_benchmark(argv[0], state_->flags.rest);
  for (const std::string& argument : arguments)
    if (argument.starts_with("--benchmark_format")) state_->people = false;
  if (state_->flags.help) {
    std::cout << state_->command_line.help() << "\nGoogle Benchmark's own flags work too:\n"
              << std::flush;
    arguments = {argv[0], "--help"};
  }
  initialize_google_benchmark(arguments);
  raise_open_files_limit();
  catch_interrupts();
}

Scale Experiment::scale() const
{
  return state_->flags.smoke ? Scale::kSmoke : state_->flags.full ? Scale::kFull : Scale::kQuick;
}

void Experiment::add(Series series) { state_->series.push_back(std::move(series)); }

int Experiment::run()
{
  check_models();
  note_context();
  register_series();
  check_out_file(state_->arguments);
  if (!state_->timeline_file.empty()) check_writable("--timeline", state_->timeline_file);
  if (run_registered() == 0) throw UsageError(nothing_matched(state_->identity.name));
  if (!state_->begun.empty()) check_record_whole(state_->arguments);
  write_timeline();
  if (interrupted()) return kInterrupted;
  if (state_->failed.empty()) return kGood;
  fmt::print(stderr, "{}: {} series failed; the first: {}\n", state_->identity.name,
             state_->failed.size(), failures().first);
  return kCheckFailed;
}

/// Returns how many series the filter has let through.
std::size_t Experiment::run_registered()
{
  PeopleReporter people(state_->identity.baseline, [this] { state_->progress->clear(); });
  const ErrorsKept errors;
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks(state_->people ? &people : nullptr);
  state_->progress->clear();
  benchmark::Shutdown();
  if (matched > 0) fmt::print(stderr, "{}", errors.text());
  return matched;
}

void Experiment::write_timeline() const
{
  if (state_->timeline.empty()) return;
  const std::string record = flag_value(state_->arguments, "--benchmark_out");
  if (!state_->timeline_file.empty())
    state_->timeline.write(state_->timeline_file, state_->identity.name);
  if (std::filesystem::is_regular_file(record))
    state_->timeline.write(record + ".trace.json", state_->identity.name);
}

void Experiment::check_models() const
{
  std::set<std::string> known;
  for (const Series& series : state_->series) known.insert(series.model);
  for (const std::string& model : state_->flags.models)
    if (!known.contains(model))
      throw UsageError(fmt::format("unknown model '{}'; {} has {}", model, state_->identity.name,
                                   fmt::join(known, ", ")));
}

void Experiment::note_context() const
{
  const auto& identity = state_->identity;
  benchmark::AddCustomContext("experiment", identity.name);
  benchmark::AddCustomContext("section", identity.section);
  benchmark::AddCustomContext("title", identity.title);
  benchmark::AddCustomContext("baseline", identity.baseline);
  benchmark::AddCustomContext("order_seed", fmt::format("{}", state_->flags.order_seed));
  for (const auto& [name, value] : describe_machine()) benchmark::AddCustomContext(name, value);
}

void Experiment::register_series()
{
  const auto& wanted = state_->flags.models;
  std::erase_if(state_->series, [&](const Series& series) {
    return !wanted.empty() && std::find(wanted.begin(), wanted.end(), series.model) == wanted.end();
  });
  state_->series =
      in_order(std::move(state_->series), state_->flags.order_seed, state_->flags.reversed);
  state_->progress = std::make_unique<Progress>(state_->series.size());
  for (const Series& series : state_->series) {
    const std::string name = series_name(state_->identity.name, series);
    const auto body = [this, &series, name](benchmark::State& state) {
      state_->begun.insert(name);
      state_->progress->begin(name);
      state_->timeline.begin_series(name);
      const std::size_t failed_before = failures().count;
      series.body(state);
      if (failures().count > failed_before) state_->failed.insert(name);
    };
    benchmark::RegisterBenchmark(name.c_str(), body)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
}

namespace {

/// What a user typed may be in it, newlines too.
std::string in_one_line(std::string text)
{
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  return text;
}

}  // namespace

int run_program(const std::function<int()>& program)
{
  try {
    return program();
  } catch (const UsageError& error) {
    fmt::print(stderr, "{}\n", in_one_line(error.what()));
    return kBadInput;
  } catch (const Skipped& reason) {
    fmt::print(stderr, "skipped: {}\n", reason.what());
    return kSkipped;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kCheckFailed;
  }
}

}  // namespace two_cakes
