#include "tasks/signal_calls.hpp"

#include <csignal>
#include <thread>

#include "base/errors.hpp"
#include "coroutine_case.hpp"
#include "in_child.hpp"
#include "tasks/mailbox.hpp"
#include "tasks/wake_up.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("a signal is a callback on the loop, and wakes one that waits")
{
  EventLoop loop;
  int calls = 0;
  loop.add_signal_handler(SIGUSR1, [&] {
    if (++calls == 3) return loop.stop();
    std::thread([] { ::raise(SIGUSR1); }).join();
  });
  ::raise(SIGUSR1);
  loop.run_forever();
  CHECK(calls == 3);
}

TEST_CASE("signals that come before the loop runs are kept, several of a kind as one")
{
  EventLoop loop;
  std::string order;
  loop.add_signal_handler(SIGUSR1, [&] { order += '1'; });
  loop.add_signal_handler(SIGUSR2, [&] { order += '2'; });
  for (int i = 0; i < 5; ++i) ::raise(SIGUSR2);
  ::raise(SIGUSR1);
  run_for_a_moment(loop);
  CHECK(order == "12");
}

TEST_CASE("a handler keeps no loop from its end, and is replaced by another")
{
  EventLoop loop;
  std::string order;
  loop.add_signal_handler(SIGUSR1, [&] { order += 'a'; });
  loop.add_signal_handler(SIGUSR1, [&] { order += 'b'; });
  loop.run();
  ::raise(SIGUSR1);
  run_for_a_moment(loop);
  CHECK(order == "b");
}

TEST_CASE("a signal goes back to whoever had it")
{
  static int before = 0;
  before = 0;
  ::signal(SIGUSR1, [](int) { ++before; });
  {
    EventLoop loop;
    loop.add_signal_handler(SIGUSR1, [] {});
    ::raise(SIGUSR1);
    CHECK(before == 0);
    CHECK(loop.remove_signal_handler(SIGUSR1));
    CHECK(!loop.remove_signal_handler(SIGUSR1));
    ::raise(SIGUSR1);
    CHECK(before == 1);
    loop.add_signal_handler(SIGUSR1, [] {});
  }
  ::raise(SIGUSR1);
  CHECK(before == 2);
  ::signal(SIGUSR1, SIG_DFL);
}

TEST_CASE("what can't be handled, or belongs to another loop, is an error")
{
  EventLoop loop;
  EventLoop other;
  CHECK_THROWS_AS(loop.add_signal_handler(SIGKILL, [] {}), SyscallError);
  CHECK_THROWS_AS(loop.add_signal_handler(0, [] {}), SyscallError);
  CHECK_THROWS_AS(loop.add_signal_handler(1000, [] {}), SyscallError);
  loop.add_signal_handler(SIGUSR1, [] {});
  CHECK_THROWS_AS(other.add_signal_handler(SIGUSR1, [] {}), SyscallError);
}

TEST_CASE("the bell stays rung, however often, until it is silenced")
{
  const WakeUp bell;
  const auto poller = make_epoll_poller();
  poller->add(bell.fd(), Ready::kRead, 1);
  std::vector<ReadyEvent> events;
  const auto rung = [&] {
    poller->wait(events, Clock::time_point{});
    return !events.empty();
  };
  CHECK(!rung());
  for (int i = 0; i < 3; ++i) bell.ring();
  CHECK(rung());
  CHECK(rung());
  bell.silence();
  CHECK(!rung());
}

TEST_CASE("the mailbox gives everything in order, and rings once for all of it")
{
  Mailbox mailbox;
  std::string order;
  CHECK(mailbox.empty());
  for (const char name : {'a', 'b', 'c'}) mailbox.post([&order, name] { order += name; });
  CHECK(!mailbox.empty());
  for (const auto& callback : mailbox.take()) callback();
  CHECK(order == "abc");
  CHECK(mailbox.empty());
  CHECK(mailbox.take().empty());
}
