#include "tasks/parallel_for.hpp"

#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("each round is done once, however many rounds and workers there are")
{
  for (const int workers : {1, 2, 3, 8}) {
    ThreadPool pool(workers);
    for (const std::size_t rounds : {0u, 1u, 2u, 7u, 8u, 100u, 12'345u}) {
      std::vector<std::atomic<int>> done(rounds);
      parallel_for(pool, rounds, [&](std::size_t i) { ++done[i]; });
      for (const auto& count : done) REQUIRE(count == 1);
    }
  }
}

TEST_CASE("the workers and the caller work at the same time")
{
  // Each waits for all the others: with fewer than three at once, none would ever go on.
  ThreadPool pool(3);
  std::atomic<int> arrived{0};
  parallel_for(pool, 3, [&](std::size_t) {
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
  });
  REQUIRE(arrived == 3);
}

TEST_CASE("the caller does all by itself where the workers are busy")
{
  ThreadPool pool(1);
  std::atomic<bool> over{false};
  pool.post([&] {
    while (!over) std::this_thread::yield();
  });
  std::set<std::thread::id> threads;
  parallel_for(pool, 100, [&](std::size_t) { threads.insert(std::this_thread::get_id()); });
  over = true;
  REQUIRE(threads == std::set{std::this_thread::get_id()});
}

TEST_CASE("the first exception comes back, after everybody has stopped")
{
  ThreadPool pool(4);
  std::atomic<int> at_work{0};
  for (int attempt = 0; attempt < 50; ++attempt) {
    REQUIRE_THROWS_AS(parallel_for(pool, 1000,
                                   [&](std::size_t i) {
                                     ++at_work;
                                     const std::shared_ptr<void> leave(nullptr,
                                                                       [&](void*) { --at_work; });
                                     if (i % 100 == 42) throw std::out_of_range("42");
                                   }),
                      std::out_of_range);
    REQUIRE(at_work == 0);
  }
}

TEST_CASE("a worker may call it too, even the only one, and calls may be nested")
{
  ThreadPool pool(GENERATE(1, 3));
  std::atomic<int> done{0};
  pool.submit([&] {
        parallel_for(pool, 10,
                     [&](std::size_t) { parallel_for(pool, 10, [&](std::size_t) { ++done; }); });
      })
      .get();
  REQUIRE(done == 100);
}

TEST_CASE("a full queue and a closed pool leave the caller alone, but the loop is done")
{
  std::atomic<int> done{0};
  ThreadPool pool(4, 1);
  parallel_for(pool, 1000, [&](std::size_t) { ++done; });
  pool.shut_down(Shutdown::kDrop);
  parallel_for(pool, 1000, [&](std::size_t) { ++done; });
  REQUIRE(done == 2000);
}

TEST_CASE("helpers that come too late don't touch a function that is gone")
{
  ThreadPool pool(8);
  for (int i = 0; i < 2000; ++i) {
    const auto alive = std::make_unique<std::atomic<int>>(0);
    parallel_for(pool, 9, [&](std::size_t) { ++*alive; });
    REQUIRE(*alive == 9);
  }
}
