#include "harness/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/errors.hpp"

namespace two_cakes {

struct CommandLine::App {
  CLI::App cli;
  Flags flags;
};

CommandLine::CommandLine(const std::string& program, const std::string& description)
    : app_(std::make_unique<App>())
{
  auto& [cli, flags] = *app_;
  cli.description(description);
  cli.name(program);
  cli.set_help_flag();
  cli.allow_extras();
  cli.add_flag("-h,--help", flags.help, "Print this help, then Google Benchmark's, and exit");
  auto* smoke = cli.add_flag("--smoke", flags.smoke,
                             "The smallest sweep: for the answers, not for the times");
  auto* quick = cli.add_flag("--quick", flags.quick, "A sweep of seconds (default)");
  auto* full = cli.add_flag("--full", flags.full, "The whole sweep");
  smoke->excludes(quick)->excludes(full);
  quick->excludes(full);
  cli.add_option("--model", flags.models, "Only these models")->delimiter(',');
  cli.add_option("--order_seed", flags.order_seed,
                 "Run the series in a random order made from this number")
      ->check(CLI::NonNegativeNumber);
  cli.add_flag("--reversed", flags.reversed, "Run the series in the opposite order");
}

CommandLine::~CommandLine() = default;

void CommandLine::option(const std::string& flag, int& value, const std::string& help, int smallest)
{
  app_->cli.add_option(flag, value, help)
      ->capture_default_str()
      ->check(CLI::Range(smallest, 1 << 30));
}

void CommandLine::option(const std::string& flag, bool& value, const std::string& help)
{
  app_->cli.add_flag(flag, value, help);
}

void CommandLine::option(const std::string& flag, std::string& value, const std::string& help)
{
  app_->cli.add_option(flag, value, help)->capture_default_str();
}

void CommandLine::option(const std::string& flag, std::chrono::milliseconds& value,
                         const std::string& help)
{
  const auto set = [&value](const int& count) { value = std::chrono::milliseconds(count); };
  app_->cli.add_option_function<int>(flag, set, help)
      ->default_str(fmt::format("{}", value.count()))
      ->check(CLI::Range(0, 3'600'000));
}

Flags CommandLine::parse(int argc, char** argv)
{
  try {
    app_->cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}; --help lists all flags", error.what()));
  }
  app_->flags.rest = app_->cli.remaining();
  return app_->flags;
}

std::string CommandLine::help() const { return app_->cli.help(); }

}  // namespace two_cakes
