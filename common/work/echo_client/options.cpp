#include "options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

void add_milliseconds(CLI::App& app, const std::string& flag, std::chrono::milliseconds& value,
                      const std::string& help)
{
  const auto set = [&value](const int& count) { value = std::chrono::milliseconds(count); };
  app.add_option_function<int>(flag, set, help)
      ->default_str(fmt::format("{}", value.count()))
      ->check(CLI::Range(0, 3'600'000));
}

void add_options(CLI::App& app, EchoClientOptions& options, std::string& target)
{
  EchoLoad& load = options.load;
  app.add_option("--target", target, "the echo server, host:port")->required();
  app.add_option("--clients", load.clients, "how many, each with one message on its way")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--payload-bytes", load.payload_bytes, "the length of a message")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 30));
  app.add_option("--messages-each", load.messages_each,
                 "a client leaves after so many; 0: all go on for --duration-ms")
      ->capture_default_str()
      ->check(CLI::Range(0, 1 << 30));
  add_milliseconds(app, "--warm-up-ms", load.warm_up, "before --duration-ms, not counted");
  add_milliseconds(app, "--duration-ms", load.duration, "how long is counted");
  app.add_flag("--stop-when-warm", load.stop_when_warm,
               "stop before --duration-ms begins, until SIGCONT");
  add_milliseconds(app, "--patience-ms", load.patience, "no echo for so long is an error");
  app.add_option_function<int>(
         "--spin-us", [&load](const int& count) { load.spin = std::chrono::microseconds(count); },
         "look so long again and again before sleeping: a wake-up less, and a core more")
      ->default_str("0")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--server-pid", load.server, "read this process' CPU time too")
      ->check(CLI::Range(1, 1 << 30));
  app.add_option("--core", options.core, "run on this core only")->check(CLI::Range(0, 1023));
  app.add_option("--output-fd", options.output_fd,
                 "write the figures, or what went wrong, to this descriptor")
      ->type_name("FD")
      ->check(CLI::Range(0, 1 << 30));
}

}  // namespace

std::variant<EchoClientOptions, int> read_options(int argc, const char* const* argv)
{
  EchoClientOptions options;
  std::string target;
  CLI::App app{"Keep-alive clients of an echo server; prints what they saw as one line.",
               "echo_client"};
  add_options(app, options, target);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}; see echo_client --help", error.what()));
  }
  options.load.target = Endpoint::parse(target);
  return options;
}

}  // namespace two_cakes
