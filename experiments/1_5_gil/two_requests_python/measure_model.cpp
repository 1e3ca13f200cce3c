#include "measure_model.hpp"

#include "harness/measure.hpp"

namespace two_cakes {

Series measure_model(const Model& model, const Workload& requests)
{
  const auto body = [=](benchmark::State& state) {
    double all_waits_s = 0;
    for (const Job& job : requests.jobs) all_waits_s += to_seconds(job.wait);
    const double one_wait_s = to_seconds(requests.jobs.front().wait);
    const auto check = [&](const Answers& answers, Report& report) {
      check_answers(answers, requests);
      report.units += static_cast<double>(answers.size());
      report.bound_s = model.waits_at_once ? one_wait_s : all_waits_s;
      report.bound_name = model.waits_at_once ? "longest wait" : "sum of waits";
    };
    measure(
        state, [&] { return model.run(requests); }, check);
  };
  return {model.name,
          {{"language", model.language}, {"requests", std::to_string(requests.jobs.size())}},
          body};
}

}  // namespace two_cakes
