#include "harness/series.hpp"

#include <algorithm>
#include <set>

#include "catch.hpp"

using namespace two_cakes;

namespace {

std::vector<Series> sweep(int count)
{
  std::vector<Series> series;
  for (int i = 0; i < count; ++i) series.push_back({"model" + std::to_string(i), {}, {}});
  return series;
}

std::vector<std::string> names_in_order(int count, std::uint64_t seed, bool reversed)
{
  std::vector<std::string> names;
  for (const Series& series : in_order(sweep(count), seed, reversed)) names.push_back(series.model);
  return names;
}

}  // namespace

TEST_CASE("a series is named experiment, model, parameters")
{
  const Series series{"event_loop", {{"work", "io"}, {"jobs", "64"}}, {}};
  REQUIRE(parameter_text(series) == "work:io/jobs:64");
  REQUIRE(series_name("matrix", series) == "matrix/event_loop/work:io/jobs:64");
  REQUIRE(series_name("matrix", {"blocking", {}, {}}) == "matrix/blocking");
  REQUIRE(parameter_text({"blocking", {}, {}}).empty());
}

TEST_CASE("a name is taken apart again, without what Google Benchmark adds")
{
  for (const std::string suffix :
       {"", "/manual_time", "/real_time", "/process_time/real_time", "/iterations:3/manual_time",
        "/min_time:0.500/min_warmup_time:1.000/iterations:1/repeats:5/manual_time/threads:2"}) {
    INFO(suffix);
    const SeriesName name = parse_series_name("matrix/event_loop/work:io/jobs:64" + suffix);
    REQUIRE(name.experiment == "matrix");
    REQUIRE(name.model == "event_loop");
    REQUIRE(name.parameters == "work:io/jobs:64");
  }
  REQUIRE(parse_series_name("matrix/blocking/manual_time").parameters.empty());
}

TEST_CASE("names that aren't ours are taken apart as far as it goes")
{
  REQUIRE(parse_series_name("").experiment.empty());
  REQUIRE(parse_series_name("BM_Sort").experiment == "BM_Sort");
  REQUIRE(parse_series_name("BM_Sort").model.empty());
  REQUIRE(parse_series_name("a/b/").parameters.empty());
}

TEST_CASE("without a seed the written order stays")
{
  const auto names = names_in_order(5, 0, false);
  REQUIRE(names == std::vector<std::string>{"model0", "model1", "model2", "model3", "model4"});
}

TEST_CASE("a seed makes an order of the same series, and always the same one")
{
  const auto written = names_in_order(27, 0, false);
  for (const std::uint64_t seed : {1ull, 7ull, 12345ull, ~0ull}) {
    const auto order = names_in_order(27, seed, false);
    REQUIRE(order == names_in_order(27, seed, false));
    REQUIRE(order != written);
    REQUIRE(std::is_permutation(order.begin(), order.end(), written.begin(), written.end()));
  }
  REQUIRE(names_in_order(27, 1, false) != names_in_order(27, 2, false));
}

TEST_CASE("the order is part of the record: it is the same on every machine")
{
  const auto names = names_in_order(6, 7, false);
  REQUIRE(names ==
          std::vector<std::string>{"model5", "model1", "model4", "model2", "model0", "model3"});
}

TEST_CASE("reversed is the exact opposite, with a seed and without")
{
  for (const std::uint64_t seed : {0ull, 7ull}) {
    auto forwards = names_in_order(13, seed, false);
    std::reverse(forwards.begin(), forwards.end());
    REQUIRE(names_in_order(13, seed, true) == forwards);
  }
}

TEST_CASE("every series may come first, and every one last")
{
  std::set<std::string> first;
  std::set<std::string> last;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto names = names_in_order(5, seed, false);
    first.insert(names.front());
    last.insert(names.back());
  }
  REQUIRE(first.size() == 5);
  REQUIRE(last.size() == 5);
}

TEST_CASE("no series, and one, have one order")
{
  REQUIRE(names_in_order(0, 7, true).empty());
  REQUIRE(names_in_order(1, 7, true).size() == 1);
}
