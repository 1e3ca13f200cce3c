#include "requests.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {

std::string lane_name(const Job& job) { return fmt::format("request {}", job.number + 1); }

void check(const Answers& answers, const Requests& requests)
{
  for (std::size_t i = 0; i < requests.jobs.size(); ++i) {
    const Job& job = requests.jobs[i];
    const Answer& answer = answers.at(i);
    if (!answer.good())
      throw WrongAnswer(fmt::format("{} failed: {}", lane_name(job), answer.problem.data()));
    const auto expected = known_fib(requests.set_up_fib) + known_fib(job.fib);
    if (answer.number != job.number || answer.fib_value != expected)
      throw WrongAnswer(
          fmt::format("{} computed {}, not {}", lane_name(job), answer.fib_value, expected));
  }
}

}  // namespace two_cakes
