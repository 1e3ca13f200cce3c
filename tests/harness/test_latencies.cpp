#include "harness/latencies.hpp"

#include <map>

#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

constexpr Clock::time_point kStart = Clock::time_point(1h);

/// Latencies of 1, 2, ... count milliseconds, not in order.
Latencies one_to(int count)
{
  Latencies latencies;
  for (int i = 0; i < count; ++i) {
    const auto value =
        std::chrono::milliseconds((i * 7919LL) % count + 1);  // 7919 is prime: each once
    latencies.add(kStart, kStart + value);
  }
  return latencies;
}

std::map<std::string, double> counters_of(const Latencies& latencies)
{
  std::map<std::string, double> counters;
  for (const auto& [name, value] : latencies.counters()) counters[name] = value;
  return counters;
}

}  // namespace

TEST_CASE("without latencies there are no figures")
{
  const Latencies none;
  REQUIRE(none.size() == 0);
  REQUIRE(none.percentile_ms(50) == 0);
  REQUIRE(none.counters().empty());
}

TEST_CASE("one latency is every percentile")
{
  Latencies latencies;
  latencies.add(kStart, kStart + 1500us);
  for (const double percent : {0.0, 1.0, 50.0, 99.9, 100.0})
    REQUIRE(latencies.percentile_ms(percent) == 1.5);
}

TEST_CASE("a percentile is the smallest that so many don't exceed")
{
  const Latencies four = one_to(4);
  REQUIRE(four.percentile_ms(25) == 1);
  REQUIRE(four.percentile_ms(25.1) == 2);
  REQUIRE(four.percentile_ms(50) == 2);
  REQUIRE(four.percentile_ms(75) == 3);
  REQUIRE(four.percentile_ms(75.1) == 4);
  REQUIRE(four.percentile_ms(100) == 4);
  REQUIRE(four.percentile_ms(0) == 1);
}

TEST_CASE("whole percents of a hundred are exact, every one of them")
{
  const Latencies hundred = one_to(100);
  for (int percent = 1; percent <= 100; ++percent)
    REQUIRE(hundred.percentile_ms(percent) == percent);
}

TEST_CASE("the tail of a thousand, and of more: p99.9 is not the maximum")
{
  for (const int count : {1000, 2000, 10'000, 41'000, 82'000}) {
    INFO(count);
    const Latencies latencies = one_to(count);
    REQUIRE(latencies.percentile_ms(50) == count / 2);
    REQUIRE(latencies.percentile_ms(90) == count / 10 * 9);
    REQUIRE(latencies.percentile_ms(99) == count / 100 * 99);
    REQUIRE(latencies.percentile_ms(99.9) == count / 1000 * 999);
    REQUIRE(latencies.percentile_ms(100) == count);
  }
}

TEST_CASE("the figures have the names of the record")
{
  const auto counters = counters_of(one_to(1000));
  REQUIRE(
      counters ==
      std::map<std::string, double>{
          {"p50_ms", 500}, {"p90_ms", 900}, {"p99_ms", 990}, {"p99_9_ms", 999}, {"max_ms", 1000}});
}

TEST_CASE("a stall counts from the intended start, and both figures are shown")
{
  // One request each 10 ms, each served in 1 ms; but the second one's stall keeps the client from
  // starting the others.
  Latencies latencies;
  auto free_from = kStart;
  for (int i = 0; i < 10; ++i) {
    const auto intended = kStart + i * 10ms;
    const auto started = std::max(intended, free_from);
    const auto finished = started + (i == 1 ? 100ms : 1ms);
    latencies.add(intended, started, finished);
    free_from = finished;
  }
  const auto counters = counters_of(latencies);
  REQUIRE(counters.size() == 10);
  REQUIRE(counters.at("max_ms") == 100);
  REQUIRE(counters.at("service_max_ms") == 100);
  REQUIRE(counters.at("service_p50_ms") == 1);  // to the client all looks well
  REQUIRE(counters.at("service_p90_ms") == 1);
  REQUIRE(counters.at("p50_ms") == 55);  // to those who wait it doesn't
  REQUIRE(counters.at("p90_ms") == 91);
  REQUIRE(latencies.percentile_ms(90) == 91);
}

TEST_CASE("a closed loop has no second set of figures")
{
  Latencies latencies;
  latencies.add(kStart, kStart, kStart + 1ms);
  REQUIRE(counters_of(latencies).size() == 5);
}

TEST_CASE("what threads collected apart is merged whole")
{
  Latencies left;
  Latencies right;
  for (int i = 1; i <= 50; ++i) left.add(kStart, kStart + i * 1ms);
  for (int i = 51; i <= 100; ++i) right.add(kStart, kStart + i * 1ms);
  left.merge(right);
  left.merge(Latencies());
  REQUIRE(left.size() == 100);
  REQUIRE(left.percentile_ms(99) == 99);
  Latencies open;
  open.add(kStart, kStart + 1ms, kStart + 2ms);
  left.merge(open);
  REQUIRE(counters_of(left).contains("service_p50_ms"));
}
