// A loop that spins before it sleeps wakes for all that a sleeping one wakes for, and gives up.
#include <thread>

#include "every_backend.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"
#include "os/usage.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// Whether the loop wakes within a spin that has no end of its own, and after a spin that was in
/// vain.
Clock::duration spin_limit() { return GENERATE(Clock::duration(1h), Clock::duration(20us)); }

}  // namespace

TEST_CASE("a spinning loop wakes for a timer, and never before it")
{
  const auto backend = every_backend();
  INFO(backend);
  const Clock::duration limit = spin_limit();
  const int code = exit_code_in_child([&] {
    EventLoop loop = EventLoop::over(backend);
    loop.spin_before_sleeping(limit);
    int calls = 0;
    bool early = false;
    for (int i = 1; i <= 20; ++i) {
      const auto when = Clock::now() + i * 200us;
      loop.call_at(when, [&, when] {
        early |= Clock::now() < when;
        ++calls;
      });
    }
    loop.run();
    return calls == 20 && !early ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("a spinning loop wakes for another thread")
{
  const auto backend = every_backend();
  INFO(backend);
  const Clock::duration limit = spin_limit();
  const int code = exit_code_in_child([&] {
    EventLoop loop = EventLoop::over(backend);
    loop.spin_before_sleeping(limit);
    const auto thread = std::this_thread::get_id();
    int calls = 0;
    std::thread other([&] {
      for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(200us);
        loop.call_soon_threadsafe([&] {
          calls += std::this_thread::get_id() == thread;
          if (calls == 20) loop.stop();
        });
      }
    });
    loop.run_forever();
    other.join();
    return calls == 20 ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("a spinning loop wakes for a descriptor")
{
  const auto backend = every_backend();
  INFO(backend);
  const Clock::duration limit = spin_limit();
  const int code = exit_code_in_child([&] {
    EventLoop loop = EventLoop::over(backend);
    loop.spin_before_sleeping(limit);
    auto [here, there] = make_socket_pair();
    std::thread writer([&there = there] {
      for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(200us);
        write_all(there, "x");
      }
      there.reset();
    });
    const auto count_bytes = [&]() -> Task<std::size_t> {
      Stream stream(std::move(here));
      char buffer[4];
      std::size_t bytes = 0;
      while (const std::size_t count = co_await read(stream, buffer)) bytes += count;
      co_return bytes;
    };
    const std::size_t bytes = loop.run_until_complete(count_bytes());
    writer.join();
    return bytes == 20 ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("a loop that spins in vain gives up: waiting costs less computing than it takes time")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  loop.spin_before_sleeping(1ms);
  const auto wait = [&](int times) {
    const auto computed = cpu_time_of_thread();
    for (int i = 0; i < times; ++i) {
      loop.call_later(2ms, [] {});
      loop.run();
    }
    return cpu_time_of_thread() - computed;
  };
  // The pauses double, 1, 3, 7, 15: of 60 waits it is five that spin for their millisecond.
  CHECK(wait(60) < 60 * 500us);
}
