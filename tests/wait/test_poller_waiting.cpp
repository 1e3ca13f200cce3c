// Deadlines, signals, and what else ends a wait.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <string>
#include <thread>

#include "catch.hpp"
#include "forbid.hpp"
#include "in_child.hpp"
#include "loopback.hpp"
#include "os/pipe.hpp"
#include "signal_storm.hpp"
#include "wait/each_poller.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("a deadline in the past only looks, however far in the past")
{
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  std::vector<ReadyEvent> events;
  const auto past = {Clock::now(), Clock::now() - 24h, Clock::time_point{},
                     Clock::time_point::min()};
  for (const auto deadline : past) {
    poller->add(pipe.write_end.get(), Ready::kWrite, 1);
    poller->wait(events, deadline);
    REQUIRE(events.size() == 1);
    poller->remove(pipe.write_end.get());
    poller->wait(events, deadline);  // a hang is the failure
    REQUIRE(events.empty());
  }
}

TEST_CASE("a wait ends at its deadline, and not before")
{
  const auto poller = each_poller();
  std::vector<ReadyEvent> events;
  for (const std::chrono::microseconds wait : {1us, 300us, 2'500us, 20'000us}) {
    const auto deadline = Clock::now() + wait;
    poller->wait(events, deadline);
    REQUIRE(events.empty());
    REQUIRE(Clock::now() >= deadline);
  }
}

TEST_CASE("a kernel whose epoll knows milliseconds only: a wait ends at its deadline all the same")
{
  const std::string name = GENERATE("epoll", "epoll_edge");
  INFO(name);
  if (!why_no_poller(name).empty()) return;
  REQUIRE(exit_code_in_child([&] {
            forbid(SYS_epoll_pwait2, ENOSYS);
            const auto poller = make_poller(name);
            std::vector<ReadyEvent> events;
            for (const std::chrono::microseconds wait : {1us, 300us, 2'500us}) {
              const auto deadline = Clock::now() + wait;
              poller->wait(events, deadline);
              if (!events.empty()) return 1;
              if (Clock::now() < deadline) return 2;
            }
            return 0;
          }) == 0);
}

TEST_CASE("a wait with a far deadline, or none, ends when something is ready")
{
  const auto poller = each_poller();
  const auto deadline =
      GENERATE(Clock::now() + 30s, Clock::now() + 24h * 365 * 50, Clock::time_point::max());
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 7);
  std::thread writer([&] {
    std::this_thread::sleep_for(5ms);
    write_all(pipe.write_end, "x");
  });
  std::vector<ReadyEvent> events;
  poller->wait(events, deadline);
  writer.join();
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == 7);
}

TEST_CASE("a signal may end a wait early, with nothing and without an error")
{
  const auto poller = each_poller();
  const SignalStorm storm;
  std::vector<ReadyEvent> events;
  for (int i = 0; i < 5; ++i) {
    poller->wait(events, i % 2 == 0 ? soon() : Clock::time_point::max());
    REQUIRE(events.empty());
  }
}

TEST_CASE("a storm of signals loses no byte and no turn")
{
  const auto poller = each_poller();
  const HarmlessSignal harmless;
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  constexpr int kBytes = 200;
  std::thread disturber([&, waiting = ::pthread_self()] {
    for (int sent = 0; sent < kBytes; ++sent) {
      for (int i = 0; i < 5; ++i) ::pthread_kill(waiting, SIGUSR1);
      write_all(pipe.write_end, std::string(1, static_cast<char>(sent)));
    }
  });
  std::string received;
  std::vector<ReadyEvent> events;
  while (received.size() < kBytes) {
    poller->wait(events, received.size() % 2 == 0 ? soon() : Clock::time_point::max());
    std::array<char, 7> buffer{};
    while (!events.empty()) {
      pollfd more{.fd = pipe.read_end.get(), .events = POLLIN, .revents = 0};
      if (::poll(&more, 1, 0) != 1) break;  // an edge is reported once: read until it would block
      const ssize_t size = ::read(pipe.read_end.get(), buffer.data(), buffer.size());
      if (size > 0) received.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  disturber.join();
  for (int i = 0; i < kBytes; ++i) REQUIRE(received[i] == static_cast<char>(i));
}

TEST_CASE("a poller's own descriptor closes with it, and on exec")
{
  const std::string name = GENERATE(from_range(poller_backends()));
  if (name == "select" || name == "poll") return;  // they have none
#ifdef __linux__
  if (name == "kqueue") return;  // libkqueue has others besides, and keeps them
#endif
  const int lowest = ::dup(STDIN_FILENO);
  ::close(lowest);
  for (int i = 0; i < 3; ++i) {
    const auto poller = make_poller(name);
    REQUIRE((::fcntl(lowest, F_GETFD) & FD_CLOEXEC) != 0);  // it took the lowest free number
  }
  REQUIRE(::fcntl(lowest, F_GETFD) == -1);
}
