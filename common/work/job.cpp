#include "work/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/errors.hpp"
#include "os/socket.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

std::string token_of(const Job& job) { return fmt::format("job-{}", job.number); }

std::string problem_of(const Answer& answer, const Job& job)
{
  if (!answer.good()) return answer.problem.data();
  if (answer.number != job.number) return fmt::format("it carries number {}", answer.number);
  if (answer.finished == Clock::time_point{}) return "it was never done";
  if (job.fib != 0 && answer.fib_value != known_fib(job.fib))
    return fmt::format("fib({}) is {}, not {}", job.fib, known_fib(job.fib), answer.fib_value);
  return {};
}

}  // namespace

void Answer::fail(std::string_view why)
{
  if (why.empty()) why = "it failed without a reason";
  const std::size_t length = std::min(why.size(), problem.size() - 1);
  problem.fill('\0');
  std::copy_n(why.begin(), length, problem.begin());
  std::replace_if(
      problem.begin(), problem.begin() + length,
      [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
}

Answers blank_answers(const Workload& workload)
{
  Answers answers(workload.jobs.size());
  for (std::size_t i = 0; i < answers.size(); ++i) answers[i].number = workload.jobs[i].number;
  return answers;
}

UniqueFd connection_of(const Job& job, const Target& target, Clock::time_point deadline)
{
  if (target.connections == nullptr) return connect_blocking(target.endpoint, deadline);
  return std::move(target.connections->at(job.number));
}

UniqueFd start_connection_of(const Job& job, const Target& target)
{
  if (target.connections == nullptr) return start_connect(target.endpoint);
  UniqueFd connection = std::move(target.connections->at(job.number));
  set_non_blocking(connection);
  return connection;
}

HttpExchange request_of(const Job& job, const Target& target)
{
  const auto path =
      fmt::format("/?delay_ms={:.3f}&token={}", to_milliseconds(job.wait), token_of(job));
  return HttpExchange(target.endpoint.to_string(), path);
}

void check_reply(const HttpExchange& exchange, const Job& job, const Target& target)
{
  if (exchange.status() != 200)
    throw std::runtime_error(
        fmt::format("{} answered with status {}", target.endpoint.to_string(), exchange.status()));
  if (target.sends_token_back && exchange.body() != token_of(job))
    throw std::runtime_error(
        fmt::format("the reply belongs to '{:.20}', not to '{}'", exchange.body(), token_of(job)));
}

HttpExchange wait_blocking(const Job& job, const Target& target)
{
  const auto deadline = Clock::now() + target.deadline;
  const UniqueFd socket = connection_of(job, target, deadline);
  HttpExchange exchange = request_of(job, target);
  write_all_blocking(socket, exchange.unsent(), deadline);
  std::array<char, 4096> buffer;
  while (!exchange.finished()) {
    const std::size_t count = read_some_blocking(socket, buffer, deadline);
    exchange.feed({buffer.data(), count});
  }
  check_reply(exchange, job, target);
  return exchange;
}

std::uint64_t compute(const Job& job) { return job.fib == 0 ? 0 : fib(job.fib); }

Answer perform_blocking(const Job& job, const Target& target)
{
  Answer answer{.number = job.number};
  try {
    if (job.wait.count() > 0) wait_blocking(job, target);
    answer.fib_value = compute(job);
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  return answer;
}

void fail_unfinished(Answers& answers)
{
  for (Answer& answer : answers)
    if (answer.finished == Clock::time_point{}) answer.fail("the deadline passed");
}

void check_answers(const Answers& answers, const Workload& workload)
{
  if (answers.size() != workload.jobs.size())
    throw WrongAnswer(fmt::format("{} answers to {} jobs", answers.size(), workload.jobs.size()));
  std::size_t wrong = 0;
  std::string first;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string problem = problem_of(answers[i], workload.jobs[i]);
    if (!problem.empty() && wrong++ == 0)
      first = fmt::format("job {}: {}", workload.jobs[i].number, problem);
  }
  if (wrong > 0)
    throw WrongAnswer(fmt::format("{} of {} jobs failed; {}", wrong, answers.size(), first));
}

}  // namespace two_cakes
