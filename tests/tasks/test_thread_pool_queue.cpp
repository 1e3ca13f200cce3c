// The pool's queue: its bound, its end, and those who help with it.
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/errors.hpp"
#include "catch.hpp"
#include "tasks/thread_pool.hpp"

using namespace two_cakes;

namespace {

/// Keeps a worker busy until it is let go.
class Roadblock {
 public:
  explicit Roadblock(ThreadPool& pool)
  {
    pool.post([this] {
      reached_.count_down();
      open_.wait(false);
    });
    reached_.wait();
  }
  Roadblock(const Roadblock&) = delete;
  Roadblock& operator=(const Roadblock&) = delete;
  ~Roadblock() { open(); }
  void open()
  {
    open_ = true;
    open_.notify_all();
  }

 private:
  std::latch reached_{1};
  std::atomic<bool> open_{false};
};

bool is_broken(std::future<int>& future)
{
  try {
    future.get();
  } catch (const std::future_error& error) {
    return error.code() == std::future_errc::broken_promise;
  }
  return false;
}

int fibonacci(ThreadPool& pool, int n)
{
  if (n < 2) return n;
  auto smaller = pool.submit([&pool, n] { return fibonacci(pool, n - 2); });
  const int larger = fibonacci(pool, n - 1);
  pool.help_until_ready(smaller);
  return larger + smaller.get();
}

}  // namespace

TEST_CASE("a queue that holds nothing is refused")
{
  REQUIRE_THROWS_AS(ThreadPool(1, 0), UsageError);
}

TEST_CASE("a full queue refuses those who only try, exactly at its bound")
{
  ThreadPool pool(2, 3);
  Roadblock first(pool);
  Roadblock second(pool);
  std::vector<std::future<int>> taken;
  for (int i = 0; i < 3; ++i) taken.push_back(*pool.try_submit([i] { return i; }));
  REQUIRE(!pool.try_submit([] { return 9; }));
  REQUIRE(!pool.try_post([] {}));
  first.open();
  for (int i = 0; i < 3; ++i) REQUIRE(taken[static_cast<std::size_t>(i)].get() == i);
  REQUIRE(pool.try_post([] {}));
}

TEST_CASE("who submits to a full queue waits for room, and nothing is lost")
{
  std::atomic<int> done{0};
  std::atomic<int> submitted{0};
  {
    ThreadPool pool(1, 2);
    Roadblock block(pool);
    std::vector<std::jthread> submitters;
    for (int s = 0; s < 3; ++s)
      submitters.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          pool.post([&] { ++done; });
          ++submitted;
        }
      });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    REQUIRE(submitted <= 2);
    REQUIRE(done == 0);
    block.open();
    submitters.clear();
  }
  REQUIRE(done == 300);
}

TEST_CASE("many at once are more than the queue holds: they go in as there is room")
{
  std::atomic<int> done{0};
  ThreadPool pool(2, 4);
  std::vector<SmallFunction> many;
  for (int i = 0; i < 500; ++i) many.emplace_back([&] { ++done; });
  REQUIRE(pool.post_all(std::move(many)));
  pool.shut_down(Shutdown::kDrain);
  REQUIRE(done == 500);
}

TEST_CASE("a worker that submits to its own full queue doesn't wait for itself")
{
  std::atomic<int> done{0};
  {
    ThreadPool pool(GENERATE(1, 2), 1);
    for (int i = 0; i < 20; ++i)
      pool.post([&] {
        for (int k = 0; k < 20; ++k) pool.post([&] { ++done; });
      });
  }
  REQUIRE(done == 400);
}

TEST_CASE("many at once: futures in the order of the functions")
{
  ThreadPool pool(3);
  std::vector<std::function<int()>> functions;
  for (int i = 0; i < 1000; ++i)
    functions.emplace_back([i] { return i % 10 == 3 ? throw std::runtime_error("3") : i; });
  auto futures = pool.submit_all(std::move(functions));
  REQUIRE(futures.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    auto& future = futures[static_cast<std::size_t>(i)];
    if (i % 10 == 3) REQUIRE_THROWS_AS(future.get(), std::runtime_error);
    else REQUIRE(future.get() == i);
  }
}

TEST_CASE("draining does all that was submitted, and what that submits")
{
  std::atomic<int> done{0};
  ThreadPool pool(2);
  Roadblock block(pool);
  for (int i = 0; i < 100; ++i)
    pool.post([&] {
      ++done;
      pool.post([&] { ++done; });
    });
  std::jthread opener([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    block.open();
  });
  pool.shut_down(Shutdown::kDrain);
  REQUIRE(done == 200);
}

TEST_CASE("dropping finishes what has begun, and breaks the other promises")
{
  ThreadPool pool(1);
  Roadblock block(pool);
  std::atomic<int> done{0};
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 200; ++i) futures.push_back(pool.submit([&] { return ++done; }));
  std::jthread opener([&] {
    for (auto& future : futures) future.wait();  // all are dropped before the worker is free
    block.open();
  });
  pool.shut_down(Shutdown::kDrop);
  for (auto& future : futures) REQUIRE(is_broken(future));
  REQUIRE(done == 0);
}

TEST_CASE("what one worker holds of its handful is dropped too, and a worker may wait for that")
{
  ThreadPool pool(1);
  std::latch all_queued(1);
  std::latch begun(1);
  std::future<int> behind;
  bool broken = false;
  pool.post([&] { all_queued.wait(); });
  pool.post([&] {
    begun.count_down();
    broken = is_broken(behind);
  });
  behind = pool.submit([] { return 1; });
  all_queued.count_down();
  begun.wait();
  pool.shut_down(Shutdown::kDrop);
  REQUIRE(broken);
}

TEST_CASE("a pool that was shut down takes nothing, and says so")
{
  ThreadPool pool(2);
  const Shutdown how = GENERATE(Shutdown::kDrain, Shutdown::kDrop);
  pool.shut_down(how);
  auto late = pool.submit([] { return 1; });
  REQUIRE(is_broken(late));
  REQUIRE(!pool.post([] {}));
  REQUIRE(!pool.try_post([] {}));
  REQUIRE(!pool.try_submit([] { return 1; }));
  REQUIRE(!pool.run_one());
  pool.shut_down(how);
}

TEST_CASE("those who wait for room are let go when the pool is shut down")
{
  ThreadPool pool(1, 1);
  Roadblock block(pool);
  pool.post([] {});
  std::atomic<int> refused{0};
  std::vector<std::jthread> submitters;
  for (int s = 0; s < 3; ++s) submitters.emplace_back([&] { refused += pool.post([] {}) ? 0 : 1; });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::jthread opener([&] {
    submitters.clear();  // joined: nobody waits any more, though the worker is still busy
    block.open();
  });
  pool.shut_down(Shutdown::kDrop);
  opener.join();
  REQUIRE(refused == 3);
}

TEST_CASE("a worker can't shut its own pool down")
{
  ThreadPool pool(1);
  auto future = pool.submit([&] { pool.shut_down(Shutdown::kDrain); });
  REQUIRE_THROWS_AS(future.get(), std::logic_error);
}

TEST_CASE("who helps runs what has waited longest, on its own thread")
{
  ThreadPool pool(1);
  Roadblock block(pool);
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) pool.post([&order, i] { order.push_back(i); });
  REQUIRE(pool.run_one());
  REQUIRE(pool.run_one());
  REQUIRE(order == std::vector<int>{0, 1});
  REQUIRE(pool.run_one());
  REQUIRE(!pool.run_one());
}

TEST_CASE("a worker may wait for what it has submitted, even the only one")
{
  ThreadPool pool(GENERATE(1, 2, 5));
  REQUIRE(pool.submit([&] { return fibonacci(pool, 15); }).get() == 610);
}

TEST_CASE("nothing waits behind a busy worker while another is free")
{
  // One worker takes all of it in one handful, and then waits for what came last.
  for (int attempt = 0; attempt < 100; ++attempt) {
    ThreadPool pool(2);
    std::latch last(1);
    std::vector<SmallFunction> functions;
    for (int i = 0; i < 10; ++i) functions.emplace_back([] {});
    functions.emplace_back([&] { last.wait(); });
    for (int i = 0; i < 10; ++i) functions.emplace_back([] {});
    functions.emplace_back([&] { last.count_down(); });
    pool.post_all(std::move(functions));
    pool.shut_down(Shutdown::kDrain);
  }
  SUCCEED();
}

TEST_CASE("no wake-up is lost where all the others wait for the last one")
{
  // Each round needs all four at once, and comes just as they have fallen asleep, or not yet.
  constexpr int kWorkers = 4;
  ThreadPool pool(kWorkers);
  for (int round = 0; round < 1000; ++round) {
    std::latch together(kWorkers);
    std::latch over(kWorkers);
    for (int i = 0; i < kWorkers; ++i)
      pool.post([&] {
        together.arrive_and_wait();
        over.count_down();
      });
    over.wait();
    if (round % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  SUCCEED();
}
