// The flags of a program: those that every experiment has, and its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace two_cakes {

/// What the flags that every experiment has were set to.
struct Flags {
  bool smoke = false;
  bool quick = false;
  bool full = false;
  bool reversed = false;
  bool help = false;
  std::uint64_t order_seed = 0;
  std::vector<std::string> models;
  std::vector<std::string> rest;  // what is left: Google Benchmark's, or a mistake
};

/// On CLI11, which only the source file sees: it takes longer to compile than all the rest.
class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& description);
  ~CommandLine();

  /// A flag of the experiment's own. The variable holds the default and receives the value; it
  /// must outlive parse().
  void option(const std::string& flag, int& value, const std::string& help, int smallest);
  void option(const std::string& flag, bool& value, const std::string& help);  // needs no value
  void option(const std::string& flag, std::string& value, const std::string& help);
  void option(const std::string& flag, std::chrono::milliseconds& value, const std::string& help);

  /// Throws UsageError where a value makes no sense.
  Flags parse(int argc, char** argv);

  /// All flags, a line each.
  [[nodiscard]] std::string help() const;

 private:
  struct App;
  std::unique_ptr<App> app_;
};

}  // namespace two_cakes
