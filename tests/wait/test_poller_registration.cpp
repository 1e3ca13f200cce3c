// Descriptors that are registered, changed and forgotten, in any order and with every mistake.
#include <fcntl.h>
#include <sys/select.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/errors.hpp"
#include "catch.hpp"
#include "error_of.hpp"
#include "os/limits.hpp"
#include "os/pipe.hpp"
#include "wait/each_poller.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

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
