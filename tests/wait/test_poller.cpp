#include "wait/poller.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <set>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "loopback.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// Each backend keeps the same contract, so each goes through the same tests.
using MakePoller = std::unique_ptr<Poller> (*)();
const std::vector<MakePoller> kBackends{make_epoll_poller};

std::vector<ReadyEvent> look(Poller& poller)
{
  std::vector<ReadyEvent> events;
  poller.wait(events, Clock::time_point{});
  return events;
}

template <class Call>
int error_of(Call call)
{
  try {
    call();
  } catch (const SyscallError& error) {
    return error.code().value();
  }
  return 0;
}

}  // namespace

TEST_CASE("sets of readiness combine and intersect")
{
  static_assert((Ready::kRead | Ready::kWrite) == Ready::kBoth);
  static_assert((Ready::kBoth & Ready::kWrite) == Ready::kWrite);
  static_assert((Ready::kRead & Ready::kWrite) == Ready::kNothing);
  SUCCEED();
}

TEST_CASE("a backend has a name") { REQUIRE(make_epoll_poller()->name() == "epoll"); }

TEST_CASE("nothing is ready where nothing has come")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  REQUIRE(look(*poller).empty());
}

TEST_CASE("an event brings back its tag, all 64 bits of it")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  constexpr std::uint64_t kTag = 0xfedcba9876543210;
  poller->add(pipe.read_end.get(), Ready::kRead, kTag);
  write_all(pipe.write_end, "x");
  const auto events = look(*poller);
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == kTag);
  REQUIRE(events[0].ready == Ready::kRead);
}

TEST_CASE("what is ready is reported until it is used up")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  write_all(pipe.write_end, "xy");
  std::array<char, 1> buffer{};
  for (int left = 2; left > 0; --left) {
    REQUIRE(look(*poller).size() == 1);
    REQUIRE(look(*poller).size() == 1);
    read_exactly(pipe.read_end, buffer);
  }
  REQUIRE(look(*poller).empty());
}

TEST_CASE("only what its owner is interested in is reported")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const auto [here, there] = connected_pair();
  write_all_blocking(there, "x", soon());
  REQUIRE(is_readable(here));
  const auto readiness = [&] {
    const auto events = look(*poller);
    return events.empty() ? Ready::kNothing : events[0].ready;
  };
  poller->add(here.get(), Ready::kRead, 1);
  REQUIRE(readiness() == Ready::kRead);
  poller->modify(here.get(), Ready::kWrite, 1);
  REQUIRE(readiness() == Ready::kWrite);
  poller->modify(here.get(), Ready::kBoth, 1);
  REQUIRE(readiness() == Ready::kBoth);
  poller->modify(here.get(), Ready::kNothing, 1);
  REQUIRE(readiness() == Ready::kNothing);
}

TEST_CASE("modify changes the tag too")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  poller->add(pipe.write_end.get(), Ready::kWrite, 1);
  poller->modify(pipe.write_end.get(), Ready::kWrite, 2);
  const auto events = look(*poller);
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == 2);
}

TEST_CASE("the end of a stream, a reset and a listener's client count as ready")
{
  const auto poller = GENERATE(from_range(kBackends))();
  SECTION("an end")
  {
    Pipe pipe = make_pipe();
    poller->add(pipe.read_end.get(), Ready::kRead, 1);
    pipe.write_end.reset();
    REQUIRE(look(*poller).size() == 1);
    REQUIRE((look(*poller)[0].ready & Ready::kRead) == Ready::kRead);
  }
  SECTION("a hang-up is both, whatever the interest")
  {
    Pipe pipe = make_pipe();
    poller->add(pipe.write_end.get(), Ready::kWrite, 1);
    pipe.read_end.reset();
    REQUIRE(look(*poller)[0].ready == Ready::kBoth);
  }
  SECTION("a reset is both")
  {
    auto [here, there] = connected_pair();
    reset_connection(there);
    REQUIRE(is_readable(here));
    poller->add(here.get(), Ready::kRead, 1);
    REQUIRE(look(*poller)[0].ready == Ready::kBoth);
  }
  SECTION("a client")
  {
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    poller->add(listener.get(), Ready::kRead, 1);
    REQUIRE(look(*poller).empty());
    const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
    REQUIRE(look(*poller)[0].ready == Ready::kRead);
  }
}

TEST_CASE("registering twice, changing or forgetting what isn't registered")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  const int fd = pipe.read_end.get();
  REQUIRE(error_of([&] { poller->modify(fd, Ready::kRead, 1); }) == ENOENT);
  REQUIRE(error_of([&] { poller->remove(fd); }) == ENOENT);
  poller->add(fd, Ready::kRead, 1);
  REQUIRE(error_of([&] { poller->add(fd, Ready::kRead, 1); }) == EEXIST);
  poller->remove(fd);
  REQUIRE(error_of([&] { poller->remove(fd); }) == ENOENT);
  poller->add(fd, Ready::kRead, 1);  // and again
}

TEST_CASE("a regular file is always ready, so it can't be waited for")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  REQUIRE(error_of([&] { poller->add(file.get(), Ready::kRead, 1); }) == EPERM);
}

TEST_CASE("an error names the descriptor")
{
  const auto poller = GENERATE(from_range(kBackends))();
  REQUIRE(error_of([&] { poller->add(-1, Ready::kRead, 1); }) == EBADF);
  try {
    poller->remove(12345);
    FAIL("it didn't throw");
  } catch (const SyscallError& error) {
    REQUIRE(std::string(error.what()).find("12345") != std::string::npos);
  }
}

TEST_CASE("what was forgotten is reported no more")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  poller->add(pipe.write_end.get(), Ready::kWrite, 1);
  REQUIRE(look(*poller).size() == 1);
  poller->remove(pipe.write_end.get());
  REQUIRE(look(*poller).empty());
}

TEST_CASE("old events are replaced, not added to")
{
  const auto poller = GENERATE(from_range(kBackends))();
  std::vector<ReadyEvent> events(7, ReadyEvent{99, Ready::kBoth});
  poller->wait(events, Clock::time_point{});
  REQUIRE(events.empty());
}

TEST_CASE("a wait for many ends with each of them once, in as many turns as it takes")
{
  const auto poller = GENERATE(from_range(kBackends))();
  std::vector<Pipe> pipes;
  for (std::uint64_t tag = 0; tag < 1500; ++tag) {
    pipes.push_back(make_pipe());
    poller->add(pipes.back().write_end.get(), Ready::kWrite, tag);
  }
  std::set<std::uint64_t> seen;
  while (seen.size() < pipes.size()) {
    const auto events = look(*poller);
    REQUIRE(!events.empty());
    for (const ReadyEvent& event : events) {
      REQUIRE(seen.insert(event.tag).second);
      poller->remove(pipes[event.tag].write_end.get());
    }
  }
  REQUIRE(look(*poller).empty());
}

TEST_CASE("a deadline in the past only looks, however far in the past")
{
  const auto poller = GENERATE(from_range(kBackends))();
  const Pipe pipe = make_pipe();
  poller->add(pipe.write_end.get(), Ready::kWrite, 1);
  std::vector<ReadyEvent> events;
  for (const auto deadline :
       {Clock::now(), Clock::now() - 24h, Clock::time_point{}, Clock::time_point::min()}) {
    poller->wait(events, deadline);
    REQUIRE(events.size() == 1);
  }
  poller->remove(pipe.write_end.get());
  for (const auto deadline :
       {Clock::now(), Clock::now() - 24h, Clock::time_point{}, Clock::time_point::min()}) {
    poller->wait(events, deadline);  // a hang is the failure
    REQUIRE(events.empty());
  }
}

TEST_CASE("a wait ends at its deadline, and not before")
{
  const auto poller = GENERATE(from_range(kBackends))();
  std::vector<ReadyEvent> events;
  for (const std::chrono::microseconds wait : {1us, 300us, 2'500us, 20'000us}) {
    const auto deadline = Clock::now() + wait;
    poller->wait(events, deadline);
    REQUIRE(events.empty());
    REQUIRE(Clock::now() >= deadline);
  }
}

TEST_CASE("a wait with a far deadline, or none, ends when something is ready")
{
  const auto poller = GENERATE(from_range(kBackends))();
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
  const auto poller = GENERATE(from_range(kBackends))();
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, &before);
  std::atomic<bool> over{false};
  std::thread disturber([&, waiting = ::pthread_self()] {
    while (!over) {
      ::pthread_kill(waiting, SIGUSR1);
      std::this_thread::sleep_for(1ms);
    }
  });
  std::vector<ReadyEvent> events;
  for (int i = 0; i < 5; ++i) {
    poller->wait(events, i % 2 == 0 ? soon() : Clock::time_point::max());
    REQUIRE(events.empty());
  }
  over = true;
  disturber.join();
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("a poller's own descriptor closes with it, and on exec")
{
  const int lowest = ::dup(STDIN_FILENO);
  ::close(lowest);
  for (int i = 0; i < 3; ++i) {
    const auto poller = make_epoll_poller();
    REQUIRE((::fcntl(lowest, F_GETFD) & FD_CLOEXEC) != 0);  // it took the lowest free number
  }
  REQUIRE(::fcntl(lowest, F_GETFD) == -1);
}
