#include "harness/command_line.hpp"

#include "base/errors.hpp"
#include "catch.hpp"

using namespace two_cakes;

namespace {

Flags parsed(CommandLine& line, std::vector<std::string> words)
{
  words.insert(words.begin(), "program");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  return line.parse(static_cast<int>(pointers.size()), pointers.data());
}

Flags parsed(std::vector<std::string> words)
{
  CommandLine line("program", "what it does");
  return parsed(line, std::move(words));
}

}  // namespace

TEST_CASE("Without flags, all is at its default")
{
  const Flags flags = parsed({});
  CHECK_FALSE((flags.smoke || flags.quick || flags.full || flags.reversed || flags.help));
  CHECK(flags.order_seed == 0);
  CHECK(flags.models.empty());
  CHECK(flags.rest.empty());
}

TEST_CASE("The flags that every experiment has")
{
  const Flags flags = parsed({"--full", "--reversed", "--order_seed", "7", "--model", "a,b", "-h"});
  CHECK((flags.full && flags.reversed && flags.help));
  CHECK(flags.order_seed == 7);
  CHECK(flags.models == std::vector<std::string>{"a", "b"});
}

TEST_CASE("What nobody here knows is left for Google Benchmark, in order")
{
  const Flags flags = parsed({"--benchmark_filter=x", "--smoke", "--benchmark_repetitions=2"});
  CHECK(flags.smoke);
  CHECK(flags.rest ==
        std::vector<std::string>{"--benchmark_filter=x", "--benchmark_repetitions=2"});
}

TEST_CASE("A flag of the experiment's own sets its variable, or leaves the default")
{
  int jobs = 3;
  bool watched = false;
  std::string target = "here";
  std::chrono::milliseconds delay(20);
  CommandLine line("program", "what it does");
  line.option("--jobs", jobs, "how many", 1);
  line.option("--watched", watched, "by somebody");
  line.option("--target", target, "where");
  line.option("--delay-ms", delay, "how long");

  SECTION("given")
  {
    parsed(line, {"--jobs", "9", "--watched", "--target=there", "--delay-ms", "0"});
    CHECK(jobs == 9);
    CHECK(watched);
    CHECK(target == "there");
    CHECK(delay.count() == 0);
  }
  SECTION("not given")
  {
    parsed(line, {});
    CHECK(jobs == 3);
    CHECK(!watched);
    CHECK(target == "here");
    CHECK(delay.count() == 20);
  }
  SECTION("below the smallest, not a number, or negative: a usage error")
  {
    CHECK_THROWS_AS(parsed(line, {"--jobs", "0"}), UsageError);
    CHECK_THROWS_AS(parsed(line, {"--jobs", "many"}), UsageError);
    CHECK_THROWS_AS(parsed(line, {"--watched=often"}), UsageError);
    CHECK_THROWS_AS(parsed(line, {"--delay-ms", "-1"}), UsageError);
  }
  SECTION("the help names flag, meaning and default")
  {
    const std::string help = line.help();
    for (const char* word : {"--jobs", "how many", "3", "--target", "here", "--delay-ms", "20"})
      CHECK(help.find(word) != std::string::npos);
  }
}

TEST_CASE("Two scales at once are a usage error")
{
  CHECK_THROWS_AS(parsed({"--smoke", "--full"}), UsageError);
  CHECK_THROWS_AS(parsed({"--quick", "--full"}), UsageError);
}
