#include "measure_model.hpp"

#include <algorithm>
#include <map>

#include "os/socket.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

Workload workload_of(const std::string& work, int jobs, const Settings& settings,
                     const Target& target)
{
  Workload workload{.target = target,
                    .pool_threads = settings.pool_threads,
                    .pool_processes = settings.pool_processes};
  for (int i = 0; i < jobs; ++i)
    workload.jobs.push_back({.number = static_cast<std::uint32_t>(i),
                             .wait = work == "cpu" ? std::chrono::milliseconds(0) : settings.wait,
                             .fib = work == "io" ? 0 : settings.fib});
  return workload;
}

/// A connection for each job that waits.
std::vector<UniqueFd> connections_for(const Workload& workload)
{
  std::vector<UniqueFd> connections;
  for (const Job& job : workload.jobs)
    if (job.wait.count() > 0)
      connections.push_back(connect_blocking(workload.target.endpoint,
                                             Clock::now() + workload.target.deadline));
  return connections;
}

/// What one job's computing takes on an undisturbed core. Measured once in a process.
double seconds_of_computing(const Job& job)
{
  static std::map<int, double> known;
  if (job.fib == 0) return 0;
  const auto [found, is_new] = known.try_emplace(job.fib, 0);
  if (is_new) found->second = seconds_for_fib(job.fib);
  return found->second;
}

}  // namespace

Series measure_model(const Model& model, const std::string& work, int jobs,
                     const Settings& settings, const Target& target)
{
  const auto body = [=](benchmark::State& state) {
    Workload workload = workload_of(work, jobs, settings, target);
    std::vector<UniqueFd> connections;
    const auto connect = [&] {
      if (!settings.connected) return;
      connections.clear();
      connections = connections_for(workload);
      workload.target.connections = &connections;
    };
    const Bound bound = bound_of(workload, model.width, seconds_of_computing(workload.jobs.front()));
    Clock::time_point start;
    const auto run = [&] {
      start = Clock::now();
      return model.run(workload);
    };
    const auto check = [&](const Answers& answers, Report& report) {
      check_answers(answers, workload);
      report.units += static_cast<double>(answers.size());
      for (const Answer& answer : answers) report.latencies.add(start, answer.finished);
      report.bound_s = bound.seconds;
      report.bound_name = bound.name;
      connect();  // for the next time
    };
    run_series(state, connect);
    if (!state.error_occurred()) measure(state, run, check);
  };
  return {model.name, {{"work", work}, {"jobs", std::to_string(jobs)}}, body};
}

void warm_up(const Settings& settings, const Target& target)
{
  Workload workload{.target = target};
  for (int i = 0; i < *std::max_element(settings.jobs.begin(), settings.jobs.end()); ++i)
    workload.jobs.push_back(
        {.number = static_cast<std::uint32_t>(i), .wait = std::chrono::milliseconds(1)});
  run_event_loop(workload);
}

}  // namespace two_cakes
