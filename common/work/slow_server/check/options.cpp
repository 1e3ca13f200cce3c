#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace two_cakes::slow_server_check {

std::variant<Options, int> read_options(int argc, const char* const* argv)
{
  Options options;
  CLI::App app{"Measures how late slow_server's answers are.", "slow_server_check"};
  app.add_option("--requests", options.requests,
                 "how many one connection makes when idle, of 20 ms")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--connections", options.connections, "how many wait at once")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--delay-ms", options.delay_ms, "for how long they wait")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  app.add_option("--clients", options.clients, "how many connect at once, for 20 ms")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--port", options.port, "of a slow_server that runs already; 0 starts one")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "slow_server_check: {}; see slow_server_check --help\n", error.what());
    return 2;
  }
  return options;
}

}  // namespace two_cakes::slow_server_check
