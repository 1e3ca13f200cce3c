#include "work/echo_client_process.hpp"

#include <stdexcept>
#include <string>

#include "base/errors.hpp"
#include "catch.hpp"
#include "echo_server.hpp"
#include "os/affinity.hpp"
#include "os/child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

std::string failure_of(const EchoLoad& load)
{
  try {
    run_echo_client_process(load);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the clients talk from a process of their own, which is gone afterwards")
{
  const EchoServer server;
  const EchoFigures figures = run_echo_client_process(
      {.target = server.endpoint(), .clients = 5, .payload_bytes = 100, .messages_each = 4},
      allowed_cores().back());
  REQUIRE(figures.messages == 20);
  REQUIRE(figures.client_cpu_s > 0);
  REQUIRE(living_children() == 0);
}

TEST_CASE("what goes wrong there is told here, in its words")
{
  const EchoServer wrong([](const std::string& text) { return std::string(text.size(), 'x'); });
  REQUIRE(failure_of({.target = wrong.endpoint(), .messages_each = 1}).find("the echo is wrong") !=
          std::string::npos);
  const Endpoint nobody = local_endpoint(listen_on(Endpoint::loopback_v4(0)));
  REQUIRE(failure_of({.target = nobody}).find("Connection refused") != std::string::npos);
  REQUIRE(failure_of({.target = nobody, .clients = 999'999}).find("RLIMIT_NOFILE") !=
          std::string::npos);
}

TEST_CASE("too few descriptors are skipped there as well as here")
{
  const EchoServer server;
  REQUIRE_THROWS_AS(run_echo_client_process({.target = server.endpoint(), .clients = 999'999}),
                    Skipped);
}
