#include <queue>
#include <vector>

#include "bound.hpp"
#include "catch.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

Order order(int cakes, int turns, std::chrono::microseconds work, std::chrono::microseconds pause)
{
  return {{.name = "test", .turns = turns, .work = work, .pause = pause}, cakes};
}

/// Seconds that a loop needs for so many cakes in one oven, played through turn by turn: whoever
/// has been ready longest gets the oven.
double played(const Order& wanted)
{
  using Ready = std::pair<double, int>;  // since when, turns left
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> cakes;
  for (int i = 0; i < wanted.cakes; ++i) cakes.push({0.0, wanted.recipe.turns});
  double oven_free = 0;
  double end = 0;
  while (!cakes.empty()) {
    const auto [since, left] = cakes.top();
    cakes.pop();
    oven_free = std::max(oven_free, since) + to_seconds(wanted.recipe.work);
    end = oven_free + to_seconds(wanted.recipe.pause);
    if (left > 1) cakes.push({end, left - 1});
  }
  return end;
}

bool near(double left, double right) { return std::abs(left - right) < 1e-9; }

}  // namespace

TEST_CASE("one after the other takes the sum of all turns")
{
  CHECK(near(bound_one_by_one(order(3, 4, 8ms, 4ms)).seconds, 0.144));
}

TEST_CASE("in one oven the bound is what a loop takes that always has work when there is some")
{
  for (const int cakes : {1, 2, 3, 5, 16})
    for (const int turns : {1, 2, 4})
      for (const auto work : {1ms, 6ms, 12ms})
        for (const auto pause : {0ms, 1ms, 6ms, 40ms}) {
          const Order wanted = order(cakes, turns, work, pause);
          CAPTURE(cakes, turns, work.count(), pause.count());
          CHECK(near(bound_at_once(wanted, 1).seconds, played(wanted)));
        }
}

TEST_CASE("an oven for each cake takes as long as one cake")
{
  CHECK(near(bound_at_once(order(4, 4, 8ms, 4ms), 4).seconds, 0.048));
}

TEST_CASE("two ovens halve the work and not the pause")
{
  CHECK(near(bound_at_once(order(4, 4, 8ms, 4ms), 2).seconds, 0.068));
}
