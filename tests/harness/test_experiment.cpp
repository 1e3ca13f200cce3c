// The frame of every experiment, in a child process each time: Google Benchmark's flags are global.
#include "harness/experiment.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "in_child.hpp"
#include "os/files.hpp"
#include "printed.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Series counting(const std::string& model, const std::string& work)
{
  return {model, {{"work", work}}, [](benchmark::State& state) {
            measure(
                state, [] { return 1; }, [](int one, Report& report) { report.units += one; });
          }};
}

Series failing(const std::string& model, const std::string& why)
{
  return {model, {}, [why](benchmark::State& state) {
            run_series(state, [&] { throw WrongAnswer(why); });
          }};
}

/// Runs a program of two models at two points, and of `more`, with `flags`.
Outcome run_with(std::vector<std::string> flags, const std::vector<Series>& more = {},
                 const std::function<void(Experiment&)>& look = {})
{
  Outcome outcome;
  outcome.out = printed_on(STDOUT_FILENO, [&] {
    outcome.err = printed_on(STDERR_FILENO, [&] {
      outcome.code = exit_code_in_child([&] {
        flags.insert(flags.begin(), "bakery");
        std::vector<char*> argv;
        for (std::string& flag : flags) argv.push_back(flag.data());
        argv.push_back(nullptr);
        return run_program([&] {
          Experiment experiment({"bakery", "0_0_test", "Bakers and ovens", "blocking"});
          int ovens = 2;
          std::string flour = "rye";
          std::chrono::milliseconds baking{20};
          experiment.option("--ovens", ovens, "How many ovens");
          experiment.option("--flour", flour, "Which flour");
          experiment.option("--baking-ms", baking, "How long it takes");
          experiment.parse(static_cast<int>(flags.size()), argv.data());
          if (look) look(experiment);
          for (const std::string work : {"io", "cpu"})
            for (const std::string model : {"blocking", "threads"})
              experiment.add(counting(model, work));
          for (const Series& series : more) experiment.add(series);
          std::printf("ovens %d flour %s baking %lld\n", ovens, flour.c_str(),
                      static_cast<long long>(baking.count()));
          return experiment.run();
        });
      });
    });
  });
  return outcome;
}

auto lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

/// The experiment's own flags and the names of its series, in the order in which they would run.
std::vector<std::string> listed(std::vector<std::string> flags)
{
  flags.push_back("--benchmark_list_tests=true");
  std::vector<std::string> names;
  std::istringstream out(run_with(flags).out);
  for (std::string line; std::getline(out, line);)
    if (line.starts_with("bakery/")) names.push_back(line);
  return names;
}

}  // namespace

TEST_CASE("a good run is 0, with a line for each series and a silent stderr")
{
  const Outcome outcome = run_with({"--smoke"});
  REQUIRE(outcome.code == kGood);
  REQUIRE(outcome.err.empty());
  REQUIRE(contains(outcome.out, "bakery  work:io\n"));
  REQUIRE(contains(outcome.out, "bakery  work:cpu\n"));
  REQUIRE(contains(outcome.out, "threads"));
}

TEST_CASE("flags of its own have their defaults, and take values")
{
  REQUIRE(contains(run_with({"--smoke"}).out, "ovens 2 flour rye baking 20\n"));
  const std::string out = run_with({"--smoke", "--ovens=3", "--flour", "oat", "--baking-ms=0"}).out;
  REQUIRE(contains(out, "ovens 3 flour oat baking 0\n"));
}

TEST_CASE("the scale is quick unless it is said")
{
  const auto scale_with = [](const std::vector<std::string>& flags) {
    int scale = -1;
    const Outcome outcome = run_with(flags, {}, [&](Experiment& experiment) {
      std::printf("pick %d\n", experiment.pick(1, 8, 64));
    });
    if (contains(outcome.out, "pick 1\n")) scale = 1;
    if (contains(outcome.out, "pick 8\n")) scale = 8;
    if (contains(outcome.out, "pick 64\n")) scale = 64;
    return scale;
  };
  REQUIRE(scale_with({}) == 8);
  REQUIRE(scale_with({"--quick"}) == 8);
  REQUIRE(scale_with({"--smoke"}) == 1);
  REQUIRE(scale_with({"--full"}) == 64);
}

TEST_CASE("bad input is 2, and one line that names the thing and the remedy")
{
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"--no_such_flag"}, "no_such_flag"},
      {{"--benchmark_no_such_flag=1"}, "benchmark_no_such_flag"},
      {{"stray"}, "stray"},
      {{"--ovens=many"}, "ovens"},
      {{"--ovens=0"}, "ovens"},
      {{"--baking-ms=-1"}, "baking-ms"},
      {{"--flour"}, "flour"},
      {{"--order_seed=x"}, "order_seed"},
      {{"--smoke", "--full"}, "full"},
      {{"--quick", "--full"}, "full"},
      {{"--model=tbb"}, "tbb"},
      {{"--model=blocking,tbb"}, "tbb"},
      {{"--benchmark_filter=nothing_like_it"}, "nothing_like_it"},
      {{"--benchmark_filter=("}, "'('"},
      {{"--model=threads", "--benchmark_filter=blocking"}, "blocking"},
      {{"--benchmark_filter=nothing", "--benchmark_format=json"}, "nothing"},
      {{"--benchmark_format=xml"}, "benchmark_format"},
      {{"--benchmark_repetitions=some"}, "benchmark_repetitions"},
      {{"--benchmark_out=/no/such/folder/out.json"}, "/no/such/folder/out.json"},
      {{"--benchmark_out=/tmp"}, "/tmp"},
  };
  for (const auto& [flags, named] : cases) {
    const Outcome outcome = run_with(flags);
    INFO(flags.back() << " said: " << outcome.err);
    REQUIRE(outcome.code == kBadInput);
    REQUIRE(lines_of(outcome.err) == 1);
    REQUIRE(contains(outcome.err, named));
  }
}

TEST_CASE("an unknown model is told which there are")
{
  const Outcome outcome = run_with({"--model=goroutines"});
  REQUIRE(contains(outcome.err, "blocking"));
  REQUIRE(contains(outcome.err, "threads"));
}

TEST_CASE("help is 0 and shows both kinds of flags")
{
  const Outcome outcome = run_with({"--help"});
  REQUIRE(outcome.code == kGood);
  REQUIRE(outcome.err.empty());
  for (const std::string flag :
       {"--ovens", "--smoke", "--quick", "--full", "--model", "--order_seed", "--reversed",
        "--benchmark_filter", "--benchmark_out"})
    REQUIRE(contains(outcome.out, flag));
  REQUIRE(contains(outcome.out, "Bakers and ovens"));
}

TEST_CASE("only the models that are asked for")
{
  REQUIRE(listed({"--model=threads"}) ==
          std::vector<std::string>{"bakery/threads/work:io/manual_time",
                                   "bakery/threads/work:cpu/manual_time"});
  REQUIRE(listed({"--model=threads,blocking"}).size() == 4);
  REQUIRE(listed({"--model", "blocking", "--benchmark_filter=io"}).size() == 1);
}

TEST_CASE("the order is the written one, a seed's own, or the opposite")
{
  const auto written = listed({});
  REQUIRE(written.size() == 4);
  REQUIRE(written.front() == "bakery/blocking/work:io/manual_time");
  auto backwards = written;
  std::reverse(backwards.begin(), backwards.end());
  REQUIRE(listed({"--reversed"}) == backwards);
  REQUIRE(listed({"--order_seed=0"}) == written);
  const auto mixed = listed({"--order_seed=3"});
  REQUIRE(mixed != written);
  REQUIRE(listed({"--order_seed=3"}) == mixed);
  REQUIRE(std::is_permutation(mixed.begin(), mixed.end(), written.begin(), written.end()));
}

TEST_CASE("a series that failed is 1, one line, and no harm to the others")
{
  const Outcome outcome =
      run_with({"--smoke"}, {failing("broken", "6 * 7 is 42"), failing("worse", "1 + 1 is 2")});
  REQUIRE(outcome.code == kCheckFailed);
  REQUIRE(lines_of(outcome.err) == 1);
  REQUIRE(contains(outcome.err, "bakery: 2 series failed; the first: 6 * 7 is 42"));
  REQUIRE(contains(outcome.out, "ERROR: 6 * 7 is 42"));
  REQUIRE(contains(outcome.out, "threads"));
}

TEST_CASE("a series that failed counts once, however often it is repeated")
{
  const Outcome outcome =
      run_with({"--smoke", "--benchmark_repetitions=3"}, {failing("broken", "no oven")});
  REQUIRE(outcome.code == kCheckFailed);
  REQUIRE(contains(outcome.err, "1 series failed"));
}

TEST_CASE("a series that is skipped is no failure")
{
  const Series skipping{"io_uring", {}, [](benchmark::State& state) {
                          run_series(state, [] { throw Skipped("no io_uring here"); });
                        }};
  const Outcome outcome = run_with({"--smoke"}, {skipping});
  REQUIRE(outcome.code == kGood);
  REQUIRE(contains(outcome.out, "skipped: no io_uring here"));
}

TEST_CASE("the record is Google Benchmark's JSON with our context")
{
  const std::string path = std::filesystem::temp_directory_path() /
                           ("two_cakes_experiment." + std::to_string(::getpid()));
  const Outcome outcome =
      run_with({"--smoke", "--benchmark_out=" + path, "--benchmark_out_format=json",
                "--order_seed=5", "--benchmark_context=commit=abc123"});
  const std::string json = read_file_or_empty(path);
  std::filesystem::remove(path);
  REQUIRE(outcome.code == kGood);
  for (const std::string part :
       {"\"experiment\": \"bakery\"", "\"section\": \"0_0_test\"",
        "\"title\": \"Bakers and ovens\"", "\"baseline\": \"blocking\"", "\"order_seed\": \"5\"",
        "\"commit\": \"abc123\"", "\"build_type\": ", "\"doubts\": ", "\"units\": 1.0"}) {
    INFO(part);
    REQUIRE(contains(json, part));
  }
}

TEST_CASE("a full disk is told, not swallowed")
{
  const std::string path = std::filesystem::temp_directory_path() /
                           ("two_cakes_full_disk." + std::to_string(::getpid()));
  const Outcome outcome = run_with({"--smoke", "--benchmark_out=" + path}, {}, [](Experiment&) {
    ::signal(SIGXFSZ, SIG_IGN);  // then a file that may not grow is a write that fails
    const rlimit small{.rlim_cur = 1000, .rlim_max = 1000};
    ::setrlimit(RLIMIT_FSIZE, &small);
  });
  std::filesystem::remove(path);
  REQUIRE(outcome.code == kCheckFailed);
  REQUIRE(contains(outcome.err, path));
  REQUIRE(lines_of(outcome.err) == 1);
}

TEST_CASE("Google Benchmark's own display is shown where it is asked for")
{
  const Outcome outcome = run_with({"--smoke", "--benchmark_format=csv"});
  REQUIRE(outcome.code == kGood);
  REQUIRE(contains(outcome.out, "name,iterations,real_time"));
}

TEST_CASE("what a program throws is one line, and its exit code")
{
  const auto thrown = [](const std::function<int()>& program) {
    int code = -1;
    const std::string err = printed_on(STDERR_FILENO, [&] { code = run_program(program); });
    REQUIRE(lines_of(err) <= 1);
    return std::pair(code, err);
  };
  REQUIRE(thrown([] { return 77; }) == std::pair(77, std::string()));
  REQUIRE(thrown([]() -> int { throw UsageError("give a number"); }) ==
          std::pair<int, std::string>(kBadInput, "give a number\n"));
  REQUIRE(thrown([]() -> int { throw Skipped("one core"); }) ==
          std::pair<int, std::string>(kSkipped, "skipped: one core\n"));
  REQUIRE(thrown([]() -> int { throw WrongAnswer("no"); }) ==
          std::pair<int, std::string>(kCheckFailed, "no\n"));
  REQUIRE(thrown([]() -> int { throw SyscallError(EMFILE, "socket"); }).first == kCheckFailed);
}
