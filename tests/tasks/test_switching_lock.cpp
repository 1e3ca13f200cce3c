#include "tasks/switching_lock.hpp"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "signal_storm.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr SwitchingLock::Interval kLong = std::chrono::hours(1);

/// Computes under the lock until `done`, looking at each step whether anybody wants the lock.
void compute_until(SwitchingLock& lock, const std::atomic<bool>& done)
{
  const std::lock_guard held(lock);
  while (!done) lock.checkpoint();
}

}  // namespace

TEST_CASE("only one thread is inside at a time, and nothing it writes is lost")
{
  SwitchingLock lock(microseconds(50));
  long count = 0;  // plain: a second thread inside would lose some of it
  std::atomic<int> inside{0};
  std::atomic<int> most_inside{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        const std::lock_guard held(lock);
        for (int step = 0; step < 20'000; ++step) {
          if (++inside > most_inside) most_inside = inside.load();
          ++count;
          --inside;
          lock.checkpoint();
        }
      });
  }
  CHECK(count == 80'000);
  CHECK(most_inside == 1);
}

TEST_CASE("whoever asks gets the lock from a thread that never lets go by itself")
{
  SwitchingLock lock(microseconds(100));
  std::atomic<bool> done{false};
  const std::jthread computing([&] { compute_until(lock, done); });
  while (lock.switches() == 0) std::this_thread::yield();
  lock.lock();  // would block forever if checkpoint() handed nothing over
  done = true;
  lock.unlock();
  SUCCEED();
}

TEST_CASE("a holder without checkpoints keeps the lock, however long others have asked")
{
  SwitchingLock lock(microseconds(10));
  std::atomic<bool> got_in{false};
  lock.lock();
  const std::jthread asking([&] {
    const std::lock_guard held(lock);
    got_in = true;
  });
  std::this_thread::sleep_for(milliseconds(20));  // 2,000 switch intervals
  CHECK_FALSE(got_in);
  lock.unlock();
}

TEST_CASE("the switch is forced: who was asked doesn't go on before another has had the lock")
{
  for (int round = 0; round < 20; ++round) {
    SwitchingLock lock(microseconds(1));
    lock.lock();
    const auto before = lock.switches();
    const std::jthread asking([&] { const std::lock_guard held(lock); });
    while (!lock.switch_requested()) std::this_thread::yield();
    lock.unlock();
    // Were unlock() to return at once, the other thread wouldn't even have woken up.
    CHECK(lock.switches() == before + 1);
  }
}

TEST_CASE("nobody is asked before a switch interval is over")
{
  SwitchingLock lock(kLong);
  std::atomic<bool> asked{false};
  lock.lock();
  const auto before = lock.switches();
  const std::jthread other([&] {
    asked = true;
    const std::lock_guard held(lock);
  });
  while (!asked) std::this_thread::yield();
  std::this_thread::sleep_for(milliseconds(5));
  CHECK_FALSE(lock.switch_requested());
  for (int i = 0; i < 1'000; ++i) lock.checkpoint();
  CHECK(lock.switches() == before);
  lock.unlock();
}

TEST_CASE("the lock is free while its holder waits without it, and held again afterwards")
{
  SwitchingLock lock(kLong);
  std::latch both_wait(2);
  std::atomic<int> inside{0};
  std::atomic<int> most_inside{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        const std::lock_guard held(lock);
        {
          const WithoutLock released(lock);
          both_wait.arrive_and_wait();  // passes only if both are out of the lock at once
        }
        if (++inside > most_inside) most_inside = inside.load();
        --inside;
      });
  }
  CHECK(most_inside == 1);
}

TEST_CASE("one thread alone is never held up")
{
  SwitchingLock lock(microseconds(1));
  for (int i = 0; i < 1'000; ++i) {
    const std::lock_guard held(lock);
    lock.checkpoint();
  }
  CHECK(lock.switches() == 1);
}

TEST_CASE("a signal to a thread that waits for the lock changes nothing")
{
  const HarmlessSignal harmless;
  SwitchingLock lock(microseconds(100));
  std::atomic<bool> waits{false};
  std::atomic<bool> got_in{false};
  lock.lock();
  std::jthread waiting([&] {
    waits = true;
    const std::lock_guard held(lock);
    got_in = true;
  });
  while (!waits) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) {
    ::pthread_kill(waiting.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(milliseconds(1));
  }
  CHECK_FALSE(got_in);
  lock.unlock();
  waiting.join();
  CHECK(got_in);
}
