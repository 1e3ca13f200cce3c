#include "work/python/job_calls.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

std::string token_of(const Job& job) { return fmt::format("job-{}", job.number); }

PythonCall call_of(const Job& job, const Target& target)
{
  if (job.wait.count() == 0) return {"fib", {std::int64_t{job.fib}}};
  if (job.fib != 0) throw UsageError("CPython's jobs either wait or compute; give one of the two");
  const std::string address = target.endpoint.to_string();
  const std::string host = address.substr(0, address.rfind(':'));
  const auto path =
      fmt::format("/?delay_ms={:.3f}&token={}", to_milliseconds(job.wait), token_of(job));
  return {"get_page",
          {host, std::int64_t{target.endpoint.port()}, path, to_seconds(target.deadline)}};
}

void check_page(const PythonPage& page, const Job& job, const Target& target)
{
  const std::string server = target.endpoint.to_string();
  if (page.status == 0) throw std::runtime_error(fmt::format("{}: {}", server, page.body));
  if (page.status != 200)
    throw WrongAnswer(fmt::format("job {}: status {}", job.number, page.status));
  if (target.sends_token_back && page.body != token_of(job))
    throw WrongAnswer(fmt::format("job {}: the page belongs to '{:.20}'", job.number, page.body));
}

}  // namespace

PythonCalls calls_of(const Workload& workload)
{
  PythonCalls calls;
  for (const Job& job : workload.jobs) calls.push_back(call_of(job, workload.target));
  return calls;
}

Answers answers_of(const PythonValues& values, const Workload& workload)
{
  Answers answers = blank_answers(workload);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (workload.jobs[i].wait.count() > 0)
      check_page(page_of(values.at(i)), workload.jobs[i], workload.target);
    else answers[i].fib_value = static_cast<std::uint64_t>(std::get<std::int64_t>(values.at(i)));
    answers[i].finished = Clock::now();
  }
  return answers;
}

}  // namespace two_cakes
