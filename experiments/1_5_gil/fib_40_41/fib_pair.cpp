#include "fib_pair.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {
namespace {

void check(std::uint64_t answer, int n)
{
  if (answer != known_fib(n))
    throw WrongAnswer(fmt::format("fib({}) is {}, not {}", n, known_fib(n), answer));
}

std::uint64_t number_from_python(const PythonValue& value)
{
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return static_cast<std::uint64_t>(*number);
  throw WrongAnswer("fib returned no whole number: " + text_of(value).substr(1, 40));
}

}  // namespace

void check_pair(const FibPair& pair, int n)
{
  check(pair.first, n);
  check(pair.second, n + 1);
}

PythonCalls python_calls(int n)
{
  return {{"fib", {std::int64_t{n}}}, {"fib", {std::int64_t{n + 1}}}};
}

FibPair pair_of(const PythonValues& values)
{
  return {number_from_python(values.at(0)), number_from_python(values.at(1))};
}

}  // namespace two_cakes
