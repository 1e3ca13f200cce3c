// How a backend is chosen, and what it reports as ready.
#include "wait/poller.hpp"

#include <array>
#include <string>

#include "base/errors.hpp"
#include "catch.hpp"
#include "error_of.hpp"
#include "loopback.hpp"
#include "os/pipe.hpp"
#include "wait/each_poller.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("a backend is chosen by its name, and knows it")
{
  REQUIRE(poller_names() ==
          std::vector<std::string>{"select", "poll", "epoll", "epoll_edge", "kqueue"});
  for (const std::string& name : poller_backends()) REQUIRE(make_poller(name)->name() == name);
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
