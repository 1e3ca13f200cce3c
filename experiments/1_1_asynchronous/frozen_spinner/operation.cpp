#include "operation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

constexpr int kFib = 20;  // some microseconds: small enough to make any length of them

}  // namespace

Operation a_request(std::chrono::milliseconds length, const Target& target)
{
  return {.name = "request", .target = target, .request = {.number = 1, .wait = length}};
}

Operation a_computation(std::chrono::milliseconds length, const Target& target)
{
  const auto fibs = static_cast<std::uint64_t>(to_seconds(length) / seconds_for_fib(kFib));
  return {.name = "computation",
          .target = target,
          .request = {.number = 1},
          .fibs = std::max<std::uint64_t>(fibs, 1)};
}

std::uint64_t compute_fibs(const Operation& operation)
{
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < operation.fibs; ++i) sum += fib(kFib);
  return sum;
}

Answer perform(const Operation& operation)
{
  Answer answer = perform_blocking(operation.request, operation.target);
  answer.fib_value = compute_fibs(operation);
  answer.finished = Clock::now();
  return answer;
}

void check_answer(const Answer& answer, const Operation& operation)
{
  if (!answer.good())
    throw WrongAnswer(fmt::format("the {} failed: {}", operation.name, answer.problem.data()));
  if (answer.number != operation.request.number || answer.finished == Clock::time_point{})
    throw WrongAnswer(fmt::format("the {} was never done", operation.name));
  const std::uint64_t expected = operation.fibs * known_fib(kFib);
  if (answer.fib_value != expected)
    throw WrongAnswer(fmt::format("the sum is {}, not {}", answer.fib_value, expected));
}

}  // namespace two_cakes
