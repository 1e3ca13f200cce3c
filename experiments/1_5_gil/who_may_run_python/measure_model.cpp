#include "measure_model.hpp"

#include <algorithm>
#include <map>

#include "harness/measure.hpp"

namespace two_cakes {
namespace {

/// What one computing job takes on an undisturbed core: the fastest of five. Measured once in a
/// process.
double seconds_for_job(const std::string& language, Workload jobs)
{
  static std::map<std::string, double> known;
  if (const auto found = known.find(language); found != known.end()) return found->second;
  jobs.jobs.resize(1);
  double fastest_s = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    language == "cpp" ? run_blocking(jobs) : run_python_blocking(jobs);
    fastest_s = std::min(fastest_s, to_seconds(Clock::now() - start));
  }
  return known[language] = fastest_s;
}

void note_bound(int at_once, int jobs, double job_s, const std::string& work, Report& report)
{
  at_once = std::min(at_once, jobs);
  report.bound_s = job_s * jobs / at_once;
  if (work == "io") report.bound_name = at_once == 1 ? "sum of waits" : "longest wait";
  else report.bound_name = at_once == 1 ? "all work on one core" : "work / cores";
}

}  // namespace

Series measure_model(const Model& model, const std::string& work, const Workload& jobs)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const bool waits = work == "io";
      const double wait_s = to_seconds(jobs.jobs.front().wait);
      const double job_s = waits ? wait_s : seconds_for_job(model.language, jobs);
      const int at_once = waits ? model.waits_at_once : model.computes_at_once;
      const auto check = [&](const Answers& answers, Report& report) {
        check_answers(answers, jobs);
        report.units += static_cast<double>(answers.size());
        note_bound(at_once, static_cast<int>(answers.size()), job_s, work, report);
      };
      measure(
          state, [&] { return model.run(jobs); }, check);
    });
  };
  return {model.name, {{"work", work}, {"language", model.language}}, body};
}

}  // namespace two_cakes
