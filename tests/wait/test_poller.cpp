#include "wait/poller.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <set>
#include <string>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "error_of.hpp"
#include "loopback.hpp"
#include "os/limits.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// Each backend keeps the same contract, so each goes through the same tests.
std::vector<std::string> backends()
{
  std::vector<std::string> here;
  for (const std::string& name : poller_names())
    if (why_no_poller(name).empty()) here.push_back(name);
  return here;
}

std::unique_ptr<Poller> each_poller()
{
  const std::string name = GENERATE(from_range(backends()));
  INFO(name);
  return make_poller(name);
}

std::vector<ReadyEvent> look(Poller& poller)
{
  std::vector<ReadyEvent> events;
  poller.wait(events, Clock::time_point{});
  return events;
}

}  // namespace

TEST_CASE("a backend is chosen by its name, and knows it")
{
  REQUIRE(poller_names() ==
          std::vector<std::string>{"select", "poll", "epoll", "epoll_edge", "kqueue"});
  for (const std::string& name : backends()) REQUIRE(make_poller(name)->name() == name);
  REQUIRE(make_epoll_poller()->name() == "epoll");
}

TEST_CASE("no backend has that name: the error says which there are")
{
  for (const std::string name : {"", "Epoll", "iocp"}) {
    try {
      make_poller(name);
      FAIL("it didn't throw");
    } catch (const UsageError& error) {
      const std::string line = error.what();
      REQUIRE(line.find("'" + name + "'") != std::string::npos);
      REQUIRE(line.find("select, poll, epoll, epoll_edge, kqueue") != std::string::npos);
    }
    REQUIRE_THROWS_AS(why_no_poller(name), UsageError);
  }
}

TEST_CASE("a backend that this machine lacks says why")
{
  for (const std::string& name : poller_names()) {
    const std::string reason = why_no_poller(name);
    if (reason.empty()) continue;
    REQUIRE(reason.rfind(name + ": this system has no ", 0) == 0);
    REQUIRE_THROWS_AS(make_poller(name), Skipped);
  }
}

TEST_CASE("nothing is ready where nothing has come")
{
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  REQUIRE(look(*poller).empty());
  REQUIRE(poller->edge_triggered() == (poller->name() == "epoll_edge"));
}

TEST_CASE("an event brings back its tag, all 64 bits of it")
{
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  constexpr std::uint64_t kTag = 0xfedcba9876543210;
  poller->add(pipe.read_end.get(), Ready::kRead, kTag);
  write_all(pipe.write_end, "x");
  const auto events = look(*poller);
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == kTag);
  REQUIRE(events[0].ready == Ready::kRead);
}

TEST_CASE("level-triggered: what is ready is reported until it is used up")
{
  const auto poller = each_poller();
  if (poller->edge_triggered()) return;
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

TEST_CASE("edge-triggered: readiness is reported once when it comes, and once more after modify")
{
  const auto poller = each_poller();
  if (!poller->edge_triggered()) return;
  const Pipe pipe = make_pipe();
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  write_all(pipe.write_end, "x");
  REQUIRE(look(*poller).size() == 1);
  REQUIRE(look(*poller).empty());  // though a byte is still there
  write_all(pipe.write_end, "y");
  REQUIRE(look(*poller).size() == 1);  // something new
  REQUIRE(look(*poller).empty());
  poller->modify(pipe.read_end.get(), Ready::kRead, 1);
  REQUIRE(look(*poller).size() == 1);
  REQUIRE(look(*poller).empty());
}

TEST_CASE("what was ready before it was added is reported, by an edge too")
{
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  write_all(pipe.write_end, "x");
  poller->add(pipe.read_end.get(), Ready::kRead, 1);
  REQUIRE(look(*poller).size() == 1);
}

TEST_CASE("only what its owner is interested in is reported")
{
  const auto poller = each_poller();
  const auto [here, there] = connected_pair();
  write_all_blocking(there, "x", soon());
  REQUIRE(is_readable(here));
  const auto readiness = [&] {
    Ready all = Ready::kNothing;  // kqueue reports each direction for itself
    for (const ReadyEvent& event : look(*poller)) all = all | event.ready;
    return all;
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
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  poller->add(pipe.write_end.get(), Ready::kWrite, 1);
  poller->modify(pipe.write_end.get(), Ready::kWrite, 2);
  const auto events = look(*poller);
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == 2);
}

TEST_CASE("the end of a stream, a reset and a listener's client count as ready")
{
  const auto poller = each_poller();
  // select can't tell an error from readiness: it says no more than what its owner asked for.
  const auto both_or = [&](Ready asked) {
    return poller->name() == "select" ? asked : Ready::kBoth;
  };
  SECTION("an end")
  {
    Pipe pipe = make_pipe();
    poller->add(pipe.read_end.get(), Ready::kRead, 1);
    pipe.write_end.reset();
    const auto events = look(*poller);
    REQUIRE(events.size() == 1);
    REQUIRE((events[0].ready & Ready::kRead) == Ready::kRead);
  }
  SECTION("half an end: the other side writes no more, and may still read")
  {
    const auto [here, there] = connected_pair();
    poller->add(here.get(), Ready::kRead, 1);
    ::shutdown(there.get(), SHUT_WR);
    REQUIRE(is_readable(here));
    REQUIRE(look(*poller)[0].ready == Ready::kRead);
  }
  SECTION("a hang-up is both, whatever the interest")
  {
    Pipe pipe = make_pipe();
    poller->add(pipe.write_end.get(), Ready::kWrite, 1);
    pipe.read_end.reset();
    REQUIRE(look(*poller)[0].ready == both_or(Ready::kWrite));
  }
  SECTION("a reset is both")
  {
    auto [here, there] = connected_pair();
    reset_connection(there);
    REQUIRE(is_readable(here));
    poller->add(here.get(), Ready::kRead, 1);
    REQUIRE(look(*poller)[0].ready == both_or(Ready::kRead));
  }
  SECTION("a connection that is refused")
  {
    UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    const Endpoint nobody = local_endpoint(listener);
    listener.reset();
    const UniqueFd client = start_connect(nobody);
    REQUIRE(is_writable(client));
    poller->add(client.get(), Ready::kWrite, 1);
    REQUIRE((look(*poller)[0].ready & Ready::kWrite) == Ready::kWrite);
    const int error = error_of([&] { (void)write_some(client, "x"); });
    // libkqueue asks the socket for its error itself, and then it is gone.
    REQUIRE((error == ECONNREFUSED || (poller->name() == "kqueue" && error == EPIPE)));
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

TEST_CASE("a descriptor that is closed while it is waited for")
{
  const auto poller = each_poller();
  Pipe pipe = make_pipe();
  const Pipe other = make_pipe();
  const int closed = pipe.read_end.get();
  poller->add(closed, Ready::kRead, 1);
  poller->add(other.read_end.get(), Ready::kRead, 2);
  pipe.read_end.reset();
  const bool forgets = poller->name().starts_with("epoll") || poller->name() == "kqueue";

  // poll and select report it, so that its owner's next read says EBADF.
  const auto events = look(*poller);
  REQUIRE(events.size() == (forgets ? 0 : 1));
  if (!forgets) {
    REQUIRE(events[0].tag == 1);
    REQUIRE(events[0].ready == Ready::kBoth);
    poller->remove(closed);
  }
  write_all(other.write_end, "x");  // the others are served as before
  const auto later = look(*poller);
  REQUIRE(later.size() == 1);
  REQUIRE(later[0].tag == 2);
}

TEST_CASE("the number of a closed descriptor can be registered anew")
{
  const auto poller = each_poller();
  Pipe first = make_pipe();
  const int number = first.read_end.get();
  poller->add(number, Ready::kRead, 1);
  poller->remove(number);
  first = {};
  const Pipe second = make_pipe();
  REQUIRE(second.read_end.get() == number);
  poller->add(number, Ready::kRead, 2);
  write_all(second.write_end, "x");
  REQUIRE(look(*poller)[0].tag == 2);
}

TEST_CASE("registering twice, changing or forgetting what isn't registered")
{
  const auto poller = each_poller();
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

TEST_CASE("a regular file: epoll refuses it, to select and poll it is always ready")
{
  const auto poller = each_poller();
  const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  const auto add = [&] { poller->add(file.get(), Ready::kRead, 1); };
  if (poller->name().starts_with("epoll")) {
    REQUIRE(error_of(add) == EPERM);
    return;
  }
  add();
  REQUIRE(look(*poller).size() == 1);
  REQUIRE(look(*poller).size() == 1);
}

TEST_CASE("select has no room from FD_SETSIZE on, and says so instead of writing there")
{
  const auto poller = make_select_poller();
  const Pipe pipe = make_pipe();
  const UniqueFd last(::fcntl(pipe.write_end.get(), F_DUPFD_CLOEXEC, FD_SETSIZE - 1));
  const UniqueFd beyond(::fcntl(pipe.write_end.get(), F_DUPFD_CLOEXEC, FD_SETSIZE));
  REQUIRE(last.get() == FD_SETSIZE - 1);
  REQUIRE(beyond.get() == FD_SETSIZE);
  poller->add(last.get(), Ready::kWrite, 5);
  try {
    poller->add(beyond.get(), Ready::kWrite, 6);
    FAIL("it didn't throw");
  } catch (const SyscallError& error) {
    REQUIRE(error.code().value() == EINVAL);
    const std::string line = error.what();
    REQUIRE(line.find("descriptor 1024") != std::string::npos);
    REQUIRE(line.find("FD_SETSIZE (1024)") != std::string::npos);
  }
  REQUIRE(error_of([&] { poller->modify(beyond.get(), Ready::kWrite, 6); }) == ENOENT);
  REQUIRE(error_of([&] { poller->remove(beyond.get()); }) == ENOENT);
  const auto events = look(*poller);
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].tag == 5);
}

TEST_CASE("an error names the descriptor")
{
  const auto poller = each_poller();
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
  const auto poller = each_poller();
  const Pipe pipe = make_pipe();
  poller->add(pipe.write_end.get(), Ready::kWrite, 1);
  REQUIRE(look(*poller).size() == 1);
  poller->remove(pipe.write_end.get());
  REQUIRE(look(*poller).empty());
}

TEST_CASE("old events are replaced, not added to")
{
  const auto poller = each_poller();
  std::vector<ReadyEvent> events(7, ReadyEvent{99, Ready::kBoth});
  poller->wait(events, Clock::time_point{});
  REQUIRE(events.empty());
}

TEST_CASE("a wait for many ends with each of them once, in as many turns as it takes")
{
  const auto poller = each_poller();
  const std::uint64_t room = raise_open_files_limit() / 2 - 50;
  const auto many = std::min<std::uint64_t>(room, poller->name() == "select" ? 400 : 3000);
  std::vector<Pipe> pipes;
  for (std::uint64_t tag = 0; tag < many; ++tag) {
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

TEST_CASE("registrations come and go in any order, and the others keep their tags")
{
  const auto poller = each_poller();
  std::vector<Pipe> pipes;
  for (std::uint64_t tag = 0; tag < 300; ++tag) {
    pipes.push_back(make_pipe());
    poller->add(pipes.back().write_end.get(), Ready::kWrite, tag);
  }
  std::set<std::uint64_t> expected;
  for (std::uint64_t tag = 0; tag < pipes.size(); ++tag) {
    if (tag % 3 == 0) poller->remove(pipes[tag].write_end.get());
    else if (tag % 3 == 1) poller->modify(pipes[tag].write_end.get(), Ready::kNothing, tag);
    else expected.insert(tag);
  }
  for (std::uint64_t tag = 0; tag < pipes.size(); tag += 9) {
    poller->add(pipes[tag].write_end.get(), Ready::kWrite, tag + 1000);
    expected.insert(tag + 1000);
  }
  std::set<std::uint64_t> seen;
  for (const ReadyEvent& event : look(*poller)) seen.insert(event.tag);
  REQUIRE(seen == expected);
}

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

TEST_CASE("a storm of signals loses no byte and no turn")
{
  const auto poller = each_poller();
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, &before);
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
  ::sigaction(SIGUSR1, &before, nullptr);
  for (int i = 0; i < kBytes; ++i) REQUIRE(received[i] == static_cast<char>(i));
}

TEST_CASE("a poller's own descriptor closes with it, and on exec")
{
  const std::string name = GENERATE(from_range(backends()));
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
