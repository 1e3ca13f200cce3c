// The slow server's delays: which descriptions are understood, and what is drawn from them.
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "delays.hpp"

using namespace two_cakes::slow_server;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

std::vector<nanoseconds> draw(Delays delays, std::size_t count)
{
  std::vector<nanoseconds> drawn;
  for (std::size_t i = 0; i < count; ++i) drawn.push_back(delays.draw());
  return drawn;
}

double mean_ms(const std::vector<nanoseconds>& drawn)
{
  std::chrono::duration<double, std::milli> sum{};
  for (const auto delay : drawn) sum += delay;
  return sum.count() / static_cast<double>(drawn.size());
}

std::string complaint_about(const std::string& text)
{
  try {
    parse_delay_ms(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("milliseconds are read, fractions included, and rounded up to nanoseconds")
{
  CHECK(parse_delay_ms("20") == 20ms);
  CHECK(parse_delay_ms("0") == 0ns);
  CHECK(parse_delay_ms("0.5") == 500us);
  CHECK(parse_delay_ms(".25") == 250us);
  CHECK(parse_delay_ms("0.0000001") == 1ns);  // never early, so never rounded down
  CHECK(parse_delay_ms("3600000") == 1h);
}

TEST_CASE("what is not a delay is refused with the text and the reason")
{
  const std::vector<std::string> bad{"",    "-1",        "-0.001", "nan", "inf",  "-inf", "abc",
                                     "20x", "3600000.1", "1e3",    "+5",  " 5",   "5 ",   "0x10",
                                     "1,5", "1e999",     "--1",    ".",   "20ms", "-nan"};
  for (const auto& text : bad) {
    INFO("text: '" << text << "'");
    CHECK_THROWS_AS(parse_delay_ms(text), std::invalid_argument);
    CHECK(complaint_about(text).find("'" + text + "'") == 0);
  }
  CHECK(complaint_about("-3").find("negative") != std::string::npos);
  CHECK(complaint_about("nan").find("finite") != std::string::npos);
  CHECK(complaint_about("3600001").find("1 hour") != std::string::npos);
  CHECK(complaint_about(std::string(5000, '9')).size() < 200);
}

TEST_CASE("a fixed delay is the same every time")
{
  CHECK(draw(Delays{"20"}, 3) == std::vector<nanoseconds>{20ms, 20ms, 20ms});
  CHECK(draw(Delays{"fixed:0.5"}, 2) == std::vector<nanoseconds>{500us, 500us});
}

TEST_CASE("uniform delays fill the interval between their bounds")
{
  const auto drawn = draw(Delays{"uniform:10:30"}, 20'000);
  for (const auto delay : drawn) {
    REQUIRE(delay >= 10ms);
    REQUIRE(delay <= 30ms);
  }
  // The mean of 20,000 has a standard error of 0.04 ms.
  CHECK(std::abs(mean_ms(drawn) - 20) < 0.25);
  CHECK(draw(Delays{"uniform:7:7"}, 1) == std::vector<nanoseconds>{7ms});
}

TEST_CASE("exponential delays have their mean and their memorylessness")
{
  const auto drawn = draw(Delays{"exponential:20"}, 20'000);
  std::size_t above_mean = 0;
  for (const auto delay : drawn) {
    REQUIRE(delay >= 0ns);
    if (delay > 20ms) ++above_mean;
  }
  CHECK(std::abs(mean_ms(drawn) - 20) < 1);  // standard error 0.14 ms
  const auto share = static_cast<double>(above_mean) / static_cast<double>(drawn.size());
  CHECK(std::abs(share - std::exp(-1.0)) < 0.02);  // P(X > mean) = 1/e, standard error 0.0034
}

TEST_CASE("an exponential delay never exceeds the longest delay")
{
  for (const auto delay : draw(Delays{"exponential:3600000"}, 1'000)) REQUIRE(delay <= 1h);
}

TEST_CASE("the same seed draws the same delays, another seed others")
{
  for (const std::string description : {"uniform:10:30", "exponential:20"}) {
    INFO(description);
    CHECK(draw(Delays{description, 7}, 100) == draw(Delays{description, 7}, 100));
    CHECK(draw(Delays{description, 7}, 100) != draw(Delays{description, 8}, 100));
    CHECK(draw(Delays{description}, 100) == draw(Delays{description}, 100));
  }
}

TEST_CASE("the first delays of a seed stay what they are")
{
  // std::mt19937_64 is the same everywhere, by the standard; its first number from seed 5489 is
  // 14514284786278117030, which is 0.78682... of 2^64.
  CHECK(std::abs(mean_ms(draw(Delays{"uniform:0:1000", 5489}, 1)) - 786.8209548678) < 1e-6);
  CHECK(std::abs(mean_ms(draw(Delays{"exponential:10", 5489}, 1)) - 15.4562287889) < 1e-6);
}

TEST_CASE("a description that names no distribution is refused")
{
  for (const std::string bad :
       {"", "uniform", "uniform:", "uniform:10", "uniform:30:10", "gauss:1:2", "uniform:1:2:3",
        "exponential", "exponential:-1", "fixed", "fixed:x", "20:30", "uniform:-1:2",
        "exponential:1:2", "Fixed:20"}) {
    INFO("description: '" << bad << "'");
    CHECK_THROWS_AS(Delays{bad}, std::invalid_argument);
  }
}
