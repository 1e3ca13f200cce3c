#include "harness/reporter.hpp"

#include "base/errors.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "harness/measure.hpp"
#include "printed.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

std::string line_with(const std::string& text, const std::string& word)
{
  const auto found = text.find(word);
  if (found == std::string::npos) return {};
  const auto begin = text.rfind('\n', found) + 1;
  return text.substr(begin, text.find('\n', found) - begin);
}

/// A series that pretends to take so many seconds.
void add(const std::string& name, double seconds)
{
  benchmark::RegisterBenchmark(name.c_str(),
                               [seconds](benchmark::State& state) {
                                 for (auto _ : state) state.SetIterationTime(seconds);
                                 state.counters["user_s"] = 0.5;
                                 state.counters["system_s"] = 0.25;
                                 state.counters["peak_memory_bytes"] = 10 << 20;
                               })
      ->UseManualTime()
      ->Iterations(2);
}

void add_broken(const std::string& name, const std::string& why)
{
  benchmark::RegisterBenchmark(name.c_str(),
                               [why](benchmark::State& state) { state.SkipWithError(why.c_str()); })
      ->UseManualTime()
      ->Iterations(1);
}

/// What is printed for the series that were added, with `blocking` as baseline.
std::string report(std::size_t* lines_announced = nullptr)
{
  std::size_t announced = 0;
  const std::string text = printed_on(STDOUT_FILENO, [&] {
    PeopleReporter reporter("blocking", [&] { ++announced; });
    benchmark::RunSpecifiedBenchmarks(&reporter);
  });
  benchmark::ClearRegisteredBenchmarks();
  if (lines_announced != nullptr) *lines_announced = announced;
  return text;
}

}  // namespace

TEST_CASE("each line is a comparison with the baseline")
{
  add("matrix/blocking/work:io/jobs:50", 1.0);
  add("matrix/event_loop/work:io/jobs:50", 0.024);
  add("matrix/processes/work:io/jobs:50", 2.5);
  std::size_t announced = 0;
  const std::string text = report(&announced);
  REQUIRE(contains(line_with(text, "event_loop"), "24 ms"));
  REQUIRE(contains(line_with(text, "event_loop"), "41.7x faster than blocking"));
  REQUIRE(contains(line_with(text, "  blocking "), "1 s"));
  REQUIRE(!contains(line_with(text, "  blocking "), "faster"));
  REQUIRE(contains(line_with(text, "processes"), "2.5x slower than blocking"));
  REQUIRE(contains(line_with(text, "event_loop"), "CPU 750 ms"));
  REQUIRE(contains(line_with(text, "event_loop"), "10.0 MiB"));
  REQUIRE(announced == 3);
}

TEST_CASE("each point of the sweep has its heading, and its own baseline")
{
  add("matrix/blocking/work:io/jobs:1", 0.1);
  add("matrix/threads/work:io/jobs:1", 0.2);
  add("matrix/blocking/work:cpu/jobs:1", 0.4);
  add("matrix/threads/work:cpu/jobs:1", 0.2);
  const std::string text = report();
  const auto second = text.find("work:cpu/jobs:1");
  REQUIRE(contains(text, "matrix  work:io/jobs:1\n"));
  REQUIRE(second != std::string::npos);
  REQUIRE(contains(text.substr(0, second), "2x slower than blocking"));
  REQUIRE(contains(text.substr(second), "2x faster than blocking"));
}

TEST_CASE("without its baseline a line stands alone")
{
  add("matrix/threads/work:io", 0.2);
  const std::string text = report();
  REQUIRE(contains(text, "200 ms"));
  REQUIRE(!contains(text, "blocking"));
}

TEST_CASE("neither an error nor what was skipped has a time")
{
  add("matrix/blocking/work:io", 1);
  add_broken("matrix/threads/work:io", "6 * 7 is 42");
  add_broken("matrix/io_uring/work:io", "skipped: no io_uring here");
  const std::string text = report();
  REQUIRE(contains(line_with(text, "threads"), "ERROR: 6 * 7 is 42"));
  REQUIRE(contains(line_with(text, "io_uring"), "skipped: no io_uring here"));
  REQUIRE(!contains(line_with(text, "io_uring"), "ERROR"));
  REQUIRE(!contains(line_with(text, "threads"), "faster"));
}

TEST_CASE("a baseline that failed is nobody's baseline")
{
  add_broken("matrix/blocking/work:io", "no oven");
  add("matrix/threads/work:io", 0.2);
  REQUIRE(!contains(line_with(report(), "threads"), "than blocking"));
}

TEST_CASE("durations for people have three digits and the unit that fits")
{
  REQUIRE(human_duration(1.234) == "1.23 s");
  REQUIRE(human_duration(12.34) == "12.3 s");
  REQUIRE(human_duration(0.0123) == "12.3 ms");
  REQUIRE(human_duration(4.56e-6) == "4.56 us");
  REQUIRE(human_duration(7.8e-9) == "7.8 ns");
  REQUIRE(human_duration(1) == "1 s");
  REQUIRE(human_duration(0.001) == "1 ms");
  REQUIRE(human_duration(0) == "0 ns");
}

TEST_CASE("no duration needs an exponent")
{
  REQUIRE(human_duration(0.9996) == "1 s");
  REQUIRE(human_duration(0.9994) == "999 ms");
  REQUIRE(human_duration(999.6e-6) == "1 ms");
  REQUIRE(human_duration(999.6e-9) == "1 us");
  REQUIRE(human_duration(1234) == "1234 s");
  REQUIRE(human_duration(98765) == "98765 s");
}
