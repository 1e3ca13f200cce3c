#include "tasks/in_pool.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include "coroutine_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("computing goes on in the pool, and the task comes back to the loop with its result")
{
  EventLoop loop;
  ThreadPool pool(2);
  std::thread::id computed_on;
  std::thread::id resumed_on;
  const auto body = [&]() -> Task<int> {
    const int value = co_await in_pool(pool, [&] {
      computed_on = std::this_thread::get_id();
      return 42;
    });
    resumed_on = std::this_thread::get_id();
    co_return value;
  };
  CHECK(loop.run_until_complete(body()) == 42);
  CHECK(resumed_on == std::this_thread::get_id());
  CHECK(computed_on != resumed_on);
}

TEST_CASE("what is thrown in the pool is thrown to who awaits it")
{
  EventLoop loop;
  ThreadPool pool(1);
  std::string caught;
  const auto body = [&]() -> Task<> {
    try {
      co_await in_pool(pool, [] { throw std::runtime_error("in the pool"); });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_await in_pool(pool, [] { throw 42; });
  };
  CHECK_THROWS_AS(loop.run_until_complete(body()), int);
  CHECK(caught == "in the pool");
}

TEST_CASE("many tasks share a pool, again and again")
{
  EventLoop loop;
  ThreadPool pool(3);
  std::atomic<int> computed{0};
  int resumed = 0;
  const auto body = [&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      co_await in_pool(pool, [&] { ++computed; });
      ++resumed;
    }
  };
  for (int i = 0; i < 50; ++i) loop.spawn(body());
  loop.run();
  CHECK(computed == 1000);
  CHECK(resumed == 1000);
  CHECK(loop.tasks().empty());
}

TEST_CASE("destroying who waits for a pool waits for its function, in whatever order they end")
{
  std::atomic<int> computed{0};
  std::atomic<bool> begun{false};
  const auto run_until_begun = [&](EventLoop& loop) {
    while (!begun) run_for_a_moment(loop);
  };
  const auto body = [&](ThreadPool& pool) -> Task<> {
    int in_the_frame = 0;
    co_await in_pool(pool, [&] {
      begun = true;
      std::this_thread::sleep_for(5ms);
      ++in_the_frame;
      computed += in_the_frame;
    });
  };
  SECTION("the pool first")
  {
    EventLoop loop;
    ThreadPool pool(1);
    loop.spawn(body(pool));
    run_until_begun(loop);
  }
  SECTION("the loop first")
  {
    ThreadPool pool(1);
    EventLoop loop;
    loop.spawn(body(pool));
    run_until_begun(loop);
  }
  SECTION("the task first")
  {
    EventLoop loop;
    ThreadPool pool(1);
    auto task = loop.spawn(body(pool));
    run_until_begun(loop);
    task.destroy();
    loop.run();
  }
  CHECK(computed == 1);
}

TEST_CASE("a cancelled function that has not begun never does; one that runs is waited for")
{
  EventLoop loop;
  ThreadPool pool(1);
  std::atomic<bool> release{false};
  std::atomic<bool> begun{false};
  std::atomic<int> ran{0};
  const auto body = [&]() -> Task<> {
    co_await in_pool(pool, [&] {
      ++ran;
      begun = true;
      while (!release) std::this_thread::yield();
    });
  };
  auto running = loop.spawn(body());
  auto queued = loop.spawn(body());
  const auto controller = [&]() -> Task<> {
    while (!begun) co_await sleep_for(100us);
    queued.cancel();
    running.cancel();
    co_await sleep_for(1ms);
    CHECK(queued.done());
    CHECK(!running.done());
    release = true;
  };
  loop.spawn(controller());
  loop.run();
  CHECK_THROWS_AS(queued.result(), Cancelled);
  CHECK_THROWS_AS(running.result(), Cancelled);
  CHECK(ran == 1);
}

TEST_CASE("a pool that is shut down: whoever waits, or asks, gets an exception, and the loop ends")
{
  EventLoop loop;
  ThreadPool pool(1);
  std::atomic<bool> begun{false};
  std::atomic<bool> released{false};
  const auto hold = [&]() -> Task<> {
    co_await in_pool(pool, [&] {
      begun = true;
      while (!released) std::this_thread::yield();
    });
  };
  const auto wait = [&]() -> Task<> { co_await in_pool(pool, [] {}); };
  auto holds = loop.spawn(hold());
  auto waits = loop.spawn(wait());
  while (!begun) run_for_a_moment(loop);
  std::thread shutting_down([&] { pool.shut_down(Shutdown::kDrop); });
  while (!waits.done()) run_for_a_moment(loop);
  CHECK_THROWS_WITH(waits.result(), "dropped: the pool was shut down");
  released = true;
  loop.run();
  CHECK_NOTHROW(holds.result());
  shutting_down.join();

  CHECK_THROWS_WITH(loop.run_until_complete(wait()), "dropped: the pool was shut down");
  int reported = 0;
  loop.set_exception_handler([&](std::exception_ptr, std::string_view) { ++reported; });
  loop.run_in_pool(
      pool, [] {}, [] { FAIL("there was nothing to be done"); });
  loop.run();
  CHECK(reported == 1);
}

TEST_CASE("run_in_pool: an exception of the function is reported, one of what follows leaves run()")
{
  EventLoop loop;
  ThreadPool pool(1);
  int reported = 0;
  loop.set_exception_handler([&](std::exception_ptr, std::string_view) { ++reported; });
  loop.run_in_pool(
      pool, [] { throw 42; }, [] { FAIL("the function has not ended well"); });
  CHECK_NOTHROW(loop.run());
  CHECK(reported == 1);
  loop.run_in_pool(
      pool, [] {}, [] { throw 42; });
  CHECK_THROWS_AS(loop.run(), int);
  CHECK(reported == 1);
}

TEST_CASE("run_in_pool: a loop that goes waits for a function that runs, and drops what follows it")
{
  ThreadPool pool(1);
  std::atomic<bool> begun{false};
  std::atomic<bool> ended{false};
  {
    EventLoop loop;
    loop.run_in_pool(
        pool,
        [&] {
          begun = true;
          std::this_thread::sleep_for(5ms);
          ended = true;
        },
        [] { FAIL("the loop is gone"); });
    while (!begun) run_for_a_moment(loop);
  }
  CHECK(ended);
}
