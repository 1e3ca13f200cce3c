#include "tasks/handful.hpp"

#include <mutex>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

namespace {

std::vector<std::size_t> filled(Handful& handful, std::size_t count)
{
  static std::vector<std::size_t> order;
  order.clear();
  for (std::size_t i = 0; i < count; ++i) handful.add([i] { order.push_back(i); });
  handful.run_all();
  return order;
}

}  // namespace

TEST_CASE("a handful runs in order, holds so many, and can be filled again")
{
  Handful handful;
  for (const std::size_t count : {Handful::kMost, std::size_t{1}, std::size_t{0}, Handful::kMost}) {
    REQUIRE(handful.empty());
    const auto order = filled(handful, count);
    REQUIRE(order.size() == count);
    for (std::size_t i = 0; i < count; ++i) REQUIRE(order[i] == i);
    REQUIRE(handful.full() == (count == Handful::kMost));
    REQUIRE(handful.empty());
    handful.start_anew();
    REQUIRE(!handful.full());
  }
}

TEST_CASE("what is taken from a handful is the next one, and isn't run again")
{
  Handful handful;
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) handful.add([&order, i] { order.push_back(i); });
  SmallFunction first = handful.take();
  handful.run_all();
  REQUIRE(order == std::vector<int>{1, 2});
  first();
  REQUIRE(order.back() == 0);
  REQUIRE(!handful.take());
  REQUIRE(!handful.take());
}

TEST_CASE("one runs a handful while others take from it: each function is had once")
{
  for (int round = 0; round < 200; ++round) {
    Handful handful;
    std::vector<std::atomic<int>> runs(Handful::kMost);
    for (auto& count : runs) handful.add([&count] { ++count; });
    std::mutex mutex;
    std::jthread other([&] {
      for (;;) {
        const std::lock_guard lock(mutex);
        SmallFunction function = handful.take();
        if (!function) return;
        function();
      }
    });
    handful.run_all();
    other.join();
    for (const auto& count : runs) REQUIRE(count == 1);
  }
}

TEST_CASE("functions that were run are destroyed at once, the others with their handful")
{
  const auto shared = std::make_shared<int>(1);
  {
    Handful handful;
    handful.add([shared] {});
    handful.run_all();
    REQUIRE(shared.use_count() == 1);
    handful.start_anew();
    handful.add([shared] {});
    REQUIRE(shared.use_count() == 2);
  }
  REQUIRE(shared.use_count() == 1);
}
