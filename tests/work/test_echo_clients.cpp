#include "work/echo_clients.hpp"

#include <unistd.h>

#include "base/errors.hpp"
#include "catch.hpp"
#include "echo_server.hpp"
#include "os/limits.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

int error_of(const EchoLoad& load)
{
  try {
    run_echo_clients(load);
  } catch (const SyscallError& error) {
    return error.code().value();
  }
  return 0;
}

}  // namespace

TEST_CASE("every client says all its messages and then leaves")
{
  const EchoServer server;
  const int clients = GENERATE(1, 7, 300);
  const EchoFigures figures =
      run_echo_clients({.target = server.endpoint(), .clients = clients, .messages_each = 5});
  REQUIRE(figures.messages == 5 * static_cast<std::uint64_t>(clients));
  REQUIRE(server.accepted() == static_cast<std::size_t>(clients));
  REQUIRE(figures.seconds > 0);
  REQUIRE(figures.p50_ms > 0);
  REQUIRE(figures.p50_ms <= figures.p90_ms);
  REQUIRE(figures.p90_ms <= figures.p99_ms);
  REQUIRE(figures.p99_9_ms <= figures.max_ms);
}

TEST_CASE("messages of any length come back whole")
{
  const EchoServer server;
  const std::size_t bytes = GENERATE(std::size_t{1}, 3, 8, 1024, 4 << 20);
  const EchoFigures figures = run_echo_clients(
      {.target = server.endpoint(), .clients = 3, .payload_bytes = bytes, .messages_each = 3});
  REQUIRE(figures.messages == 9);
}

TEST_CASE("by time, what is echoed while warming up is not counted, and the server's time is read")
{
  const EchoServer server;
  const EchoFigures figures = run_echo_clients({.target = server.endpoint(),
                                                .clients = 4,
                                                .warm_up = 20ms,
                                                .duration = 50ms,
                                                .server = ::getpid()});
  REQUIRE(figures.messages > 0);
  REQUIRE(figures.seconds >= 0.05);
  REQUIRE(figures.server_cpu_s > 0);
}

TEST_CASE("an echo with one wrong byte, or with one too many, is a wrong answer")
{
  const EchoServer flips([count = 0](std::string text) mutable {
    if (++count == 20) text.back() ^= 1;
    return text;
  });
  REQUIRE_THROWS_AS(run_echo_clients({.target = flips.endpoint(), .messages_each = 100}),
                    WrongAnswer);
  const EchoServer repeats([](const std::string& text) { return text + text; });
  REQUIRE_THROWS_AS(
      run_echo_clients({.target = repeats.endpoint(), .payload_bytes = 100, .messages_each = 100}),
      WrongAnswer);
}

TEST_CASE("a server that closes, or that isn't there, is an error by name")
{
  const EchoServer closes([](const std::string&) { return std::string(); });
  REQUIRE(error_of({.target = closes.endpoint(), .clients = 2, .messages_each = 1}) == ECONNRESET);
  const Endpoint nobody = local_endpoint(listen_on(Endpoint::loopback_v4(0)));
  REQUIRE(error_of({.target = nobody}) == ECONNREFUSED);
}

TEST_CASE("a server that never answers ends the patience")
{
  const UniqueFd silent = listen_on(Endpoint::loopback_v4(0));
  const EchoLoad load{.target = local_endpoint(silent), .clients = 3, .patience = 50ms};
  REQUIRE(error_of(load) == ETIMEDOUT);
}

TEST_CASE("more clients than descriptors are skipped, and nothing is left open")
{
  const auto limit = static_cast<int>(raise_open_files_limit());
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const EchoLoad load{.target = local_endpoint(listener), .clients = limit};
  REQUIRE_THROWS_AS(run_echo_clients(load), Skipped);
  const UniqueFd next{::dup(listener.get())};
  REQUIRE(next.get() < limit / 2);
}

TEST_CASE("percentiles are the latencies of the nearest rank")
{
  EchoFigures figures;
  std::vector<double> latencies_ms;
  set_percentiles(figures, latencies_ms);
  REQUIRE(figures.max_ms == 0);
  for (int i = 1000; i > 0; --i) latencies_ms.push_back(i);
  set_percentiles(figures, latencies_ms);
  REQUIRE(figures.p50_ms == 500);
  REQUIRE(figures.p99_ms == 990);
  REQUIRE(figures.p99_9_ms == 999);
  REQUIRE(figures.max_ms == 1000);
}

TEST_CASE("clients that spin say and hear the same")
{
  const EchoServer server;
  const EchoFigures figures = run_echo_clients(
      {.target = server.endpoint(), .clients = 2, .messages_each = 50, .spin = 100us});
  REQUIRE(figures.messages == 100);
}

TEST_CASE("figures survive the way through a line of text")
{
  const EchoFigures figures{.messages = 12,
                            .seconds = 0.125,
                            .p50_ms = 1.5,
                            .p90_ms = 2,
                            .p99_ms = 1e-7,
                            .p99_9_ms = 1e9,
                            .max_ms = 1e10,
                            .server_cpu_s = 0.1,
                            .client_cpu_s = 1.0 / 3};
  const EchoFigures back = parse_figures(to_line(figures) + "\n");
  REQUIRE(back.messages == 12);
  REQUIRE(back.p99_ms == 1e-7);
  REQUIRE(back.client_cpu_s == 1.0 / 3);
  REQUIRE(back.messages_per_s() == 96);
}

TEST_CASE("a line that isn't of figures is refused")
{
  const std::string good = to_line({.messages = 1});
  REQUIRE_NOTHROW(parse_figures(good));
  for (const std::string& line : {std::string(), std::string("messages="), good.substr(4),
                                  good.substr(0, good.size() / 2), "messages=x" + good.substr(10)})
    REQUIRE_THROWS_AS(parse_figures(line), UsageError);
}
