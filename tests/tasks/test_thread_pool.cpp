#include "tasks/thread_pool.hpp"

#include <atomic>
#include <cerrno>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

#include "base/errors.hpp"
#include "catch.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("a pool has the workers that were asked for")
{
  REQUIRE(ThreadPool(1).workers() == 1);
  REQUIRE(ThreadPool(7).workers() == 7);
}

TEST_CASE("a pool without workers would never do anything, so there is none")
{
  REQUIRE_THROWS_AS(ThreadPool(0), UsageError);
  REQUIRE_THROWS_AS(ThreadPool(-3), UsageError);
}

TEST_CASE("a future gives the function's result")
{
  ThreadPool pool(2);
  REQUIRE(pool.submit([] { return 42; }).get() == 42);
  REQUIRE(pool.submit([] { return std::string("cake"); }).get() == "cake");
  REQUIRE_NOTHROW(pool.submit([] {}).get());
  REQUIRE(*pool.submit([] { return std::make_unique<int>(7); }).get() == 7);
}

TEST_CASE("what can only be moved can be submitted")
{
  ThreadPool pool(1);
  REQUIRE(pool.submit([owned = std::make_unique<int>(5)] { return *owned; }).get() == 5);
}

TEST_CASE("a future throws what the function threw, and the worker goes on")
{
  ThreadPool pool(1);
  auto broken = pool.submit([]() -> int { throw std::runtime_error("no oven"); });
  auto whole = pool.submit([] { return 1; });
  REQUIRE_THROWS_AS(broken.get(), std::runtime_error);
  REQUIRE(whole.get() == 1);
}

TEST_CASE("one worker runs everything in order, on one thread that isn't the caller's")
{
  std::vector<int> order;
  std::set<std::thread::id> threads;
  {
    ThreadPool pool(1);
    for (int i = 0; i < 100; ++i)
      pool.post([&, i] {
        order.push_back(i);
        threads.insert(std::this_thread::get_id());
      });
  }
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  REQUIRE(order == expected);
  REQUIRE(threads.size() == 1);
  REQUIRE(!threads.contains(std::this_thread::get_id()));
}

TEST_CASE("workers run at the same time")
{
  // Each waits for all the others: with fewer than three at once, none would ever go on.
  constexpr int kWorkers = 3;
  ThreadPool pool(kWorkers);
  std::atomic<int> arrived{0};
  std::vector<std::future<void>> futures;
  for (int i = 0; i < kWorkers; ++i)
    futures.push_back(pool.submit([&] {
      ++arrived;
      while (arrived < kWorkers) std::this_thread::yield();
    }));
  for (auto& future : futures) future.get();
  REQUIRE(arrived == kWorkers);
}

TEST_CASE("the destructor lets everything run to its end, what is queued behind a slow one too")
{
  std::atomic<int> done{0};
  {
    ThreadPool pool(2);
    for (int i = 0; i < 50; ++i)
      pool.post([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(300));
        ++done;
      });
  }
  REQUIRE(done == 50);
}

TEST_CASE("what a function submits, while the pool is being destroyed, runs too")
{
  std::atomic<int> done{0};
  {
    ThreadPool pool(2);
    pool.post([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      pool.post([&] {
        ++done;
        pool.post([&] { ++done; });
      });
    });
  }
  REQUIRE(done == 2);
}

TEST_CASE("a future outlives its pool")
{
  std::future<int> future;
  {
    ThreadPool pool(1);
    future = pool.submit([] { return 3; });
  }
  REQUIRE(future.get() == 3);
}

TEST_CASE("many threads may submit at once, and nothing is lost or done twice")
{
  constexpr int kSubmitters = 8;
  constexpr int kEach = 500;
  std::vector<std::atomic<int>> runs(kSubmitters * kEach);
  {
    ThreadPool pool(3);
    std::vector<std::jthread> submitters;
    for (int s = 0; s < kSubmitters; ++s)
      submitters.emplace_back([&, s] {
        for (int i = 0; i < kEach; ++i)
          pool.post([&runs, index = s * kEach + i] { ++runs[static_cast<std::size_t>(index)]; });
      });
  }
  for (const auto& count : runs) REQUIRE(count == 1);
}

TEST_CASE("no wake-up is lost: each task is awaited before the next is given")
{
  ThreadPool pool(4);
  int sum = 0;
  for (int i = 0; i < 3000; ++i) sum += pool.submit([i] { return i; }).get();
  REQUIRE(sum == 3000 * 2999 / 2);
}

TEST_CASE("pools come and go without ever having had work")
{
  for (int i = 0; i < 50; ++i) ThreadPool pool(3);
  SUCCEED();
}

TEST_CASE("where threads run out, the error names the limit, and those that were made are joined")
{
  const int code = exit_code_in_child([] {
    allow_no_more_processes();
    try {
      ThreadPool pool(4);
      return 1;
    } catch (const SyscallError& error) {
      const bool named = std::string(error.what()).find("RLIMIT_NPROC") != std::string::npos;
      return error.code().value() == EAGAIN && named ? 0 : 2;
    }
  });
  REQUIRE(code == 0);
}
