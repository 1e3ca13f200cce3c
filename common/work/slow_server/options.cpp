#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "delays.hpp"

namespace two_cakes::slow_server {

namespace {

constexpr int kBiggestInt = std::numeric_limits<int>::max();

/// For CLI11: empty if Delays understands `description`, otherwise what is wrong with it.
std::string check_delay(const std::string& description)
try {
  Delays{description};
  return {};
} catch (const std::invalid_argument& error) {
  return error.what();
}

void add_options(CLI::App& app, Options& options)
{
  app.add_option("--port", options.port, "port to listen on; 0 takes any free one")
      ->capture_default_str();
  app.add_option("--host", options.host, "IP address to listen on, such as 127.0.0.1 or ::1")
      ->capture_default_str();
  const auto check = CLI::Validator(check_delay, "", "delay");
  auto* delay_ms = app.add_option("--delay-ms", options.delay,
                                  "delay in milliseconds of answers whose request names none")
                       ->check(check)
                       ->type_name("MS")
                       ->default_str("20");
  app.add_option("--delay", options.delay,
                 "the same, as a distribution: fixed:20, uniform:10:30, exponential:20 (mean)")
      ->check(check)
      ->type_name("NAME:MS[:MS]")
      ->excludes(delay_ms);
  app.add_option("--seed", options.seed, "the same seed draws the same delays")
      ->capture_default_str();
  app.add_option("--ready-fd", options.ready_fd,
                 "write the port and a newline to this descriptor once listening, and close it")
      ->type_name("FD")
      ->check(CLI::Range(0, kBiggestInt));
  app.add_option(
         "--die-with-parent", options.parent_pid,
         "be killed when the parent process ends; with a PID, end at once if that is not it")
      ->expected(0, 1)
      ->type_name("[PID]")
      ->check(CLI::Range(1, kBiggestInt));
}

constexpr const char* kAbout =
    "A loopback HTTP server that answers late, on purpose.\n\n"
    "  curl 'http://127.0.0.1:8080/?delay_ms=20&token=job-17'\n\n"
    "What a request may ask for: delay_ms=20 (up to 1 hour), token=TEXT (sent back as the\n"
    "body), bytes=N (a body of N bytes), status=500, chunked=1, and fault=reset, never,\n"
    "dribble or close.";

}  // namespace

std::variant<Options, int> read_options(int argc, const char* const* argv)
{
  Options options;
  CLI::App app{kAbout, "slow_server"};
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "slow_server: {}; see slow_server --help\n", error.what());
    return 2;
  }
  options.die_with_parent = app.count("--die-with-parent") > 0;
  return options;
}

}  // namespace two_cakes::slow_server
