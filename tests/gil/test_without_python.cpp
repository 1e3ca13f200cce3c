// A machine without Python's headers: the same interface, which says what is missing. Linked with
// work_without_python.
#include "base/errors.hpp"
#include "catch.hpp"
#include "work/fibonacci.hpp"
#include "work/python/call.hpp"
#include "work/python/interpreted_fib.hpp"
#include "work/python/job_calls.hpp"
#include "work/python/python.hpp"

using namespace two_cakes;

TEST_CASE("without Python's headers whoever asks is skipped, with what to install")
{
  std::string reason;
  try {
    Python::interpreter();
  } catch (const Skipped& skipped) {
    reason = skipped.what();
  }
  CHECK(reason.find("python3-dev") != std::string::npos);
  CHECK(reason.find("pybind11-dev") != std::string::npos);
  CHECK(reason.find("make setup") != std::string::npos);
  CHECK(reason.find('\n') == std::string::npos);
}

TEST_CASE("values travel between processes as text, and come back as they were")
{
  const PythonValues values{std::int64_t{-42}, 0.1, std::string("200 a\tpage\\n\n"),
                            std::vector<double>{1e-300, 0.1, 3}};
  for (const PythonValue& value : values) CHECK(value_of(text_of(value)) == value);
  CHECK(text_of(values[0]) == "i-42");
  CHECK(text_of(values[1]) == "d0.1");
  CHECK(std::get<std::vector<double>>(value_of("l")).empty());
}

TEST_CASE("a text that is no value is refused")
{
  for (const char* text : {"", "x1", "i", "i1x", "dnumber", "l1 two"}) {
    INFO(text);
    CHECK_THROWS_AS(value_of(text), std::runtime_error);
  }
}

TEST_CASE("an answer is a value for each line, or a reason why there is none")
{
  CHECK(values_of_answer("i1\ni2") == PythonValues{std::int64_t{1}, std::int64_t{2}});
  CHECK_THROWS_WITH(values_of_answer("!ValueError: no"), "ValueError: no");
}

TEST_CASE("a page is its status and its first line")
{
  const PythonPage page = page_of(std::string("404 not here"));
  CHECK(page.status == 404);
  CHECK(page.body == "not here");
  CHECK_THROWS_AS(page_of(std::int64_t{200}), std::runtime_error);
}

TEST_CASE("a job becomes the call that does it, and its answer is checked")
{
  Workload workload{.target = {.endpoint = Endpoint::loopback_v4(80)}};
  workload.jobs = {{.number = 7, .wait = std::chrono::milliseconds(20)}, {.number = 8, .fib = 12}};
  const PythonCalls calls = calls_of(workload);
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].function == "get_page");
  CHECK(std::get<std::string>(calls[0].arguments.at(0)) == "127.0.0.1");
  CHECK(std::get<std::string>(calls[0].arguments.at(2)) == "/?delay_ms=20.000&token=job-7");
  CHECK(calls[1].function == "fib");

  check_answers(answers_of({std::string("200 job-7"), std::int64_t{89}}, workload), workload);
  CHECK_THROWS_AS(answers_of({std::string("200 job-1"), std::int64_t{89}}, workload), WrongAnswer);
  CHECK_THROWS_AS(answers_of({std::string("500 job-7"), std::int64_t{89}}, workload), WrongAnswer);
  CHECK_THROWS_AS(
      check_answers(answers_of({std::string("200 job-7"), std::int64_t{90}}, workload), workload),
      WrongAnswer);
  workload.jobs[0].fib = 12;
  CHECK_THROWS_AS(calls_of(workload), UsageError);
}

TEST_CASE("an interpreted fib is the same number, with a look at each of its calls")
{
  long looks = 0;
  const auto look = [&looks] { ++looks; };
  for (int n = 1; n <= 15; ++n) {
    looks = 0;
    CHECK(interpreted_fib(n, look) == known_fib(n));
    CHECK(looks == static_cast<long>(2 * known_fib(n + 1) - 1));
  }
}
