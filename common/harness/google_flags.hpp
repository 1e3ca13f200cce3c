// Google Benchmark's own flags and files, held to the manners of this suite: what is wrong is one
// line that says so. Left alone, it prints its help and exits with 0 on an unknown format, and
// exits without a word where it can't write its file.
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "base/errors.hpp"

namespace two_cakes {

/// Keeps what Google Benchmark writes to std::cerr, for as long as the object lives. One thread.
class ErrorsKept {
 public:
  ErrorsKept() : before_(std::cerr.rdbuf(kept_.rdbuf())) {}
  ErrorsKept(const ErrorsKept&) = delete;
  ErrorsKept& operator=(const ErrorsKept&) = delete;
  ~ErrorsKept() { std::cerr.rdbuf(before_); }

  [[nodiscard]] std::string text() const { return kept_.str(); }

 private:
  std::ostringstream kept_;
  std::streambuf* before_;
};

/// The value of `--flag=value` among `arguments`, the last one where there are several; empty where
/// there is none.
inline std::string flag_value(const std::vector<std::string>& arguments, const std::string& flag)
{
  std::string value;
  for (const std::string& argument : arguments)
    if (argument.starts_with(flag + "=")) value = argument.substr(flag.size() + 1);
  return value;
}

/// Throws UsageError for a format that Google Benchmark doesn't know.
inline void check_formats(const std::vector<std::string>& arguments)
{
  for (const std::string flag : {"--benchmark_format", "--benchmark_out_format"}) {
    const std::string value = flag_value(arguments, flag);
    if (!value.empty() && value != "console" && value != "json" && value != "csv")
      throw UsageError(
          fmt::format("{}: unknown format '{}'; give console, json or csv", flag, value));
  }
}

/// Throws UsageError where a flag is left that nobody knows, or has no value that makes sense.
/// `arguments` must live as long as the program.
inline void initialize_google_benchmark(std::vector<std::string>& arguments)
{
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  check_formats(arguments);
  const ErrorsKept errors;
  benchmark::Initialize(&count, pointers.data());
  const std::string problem = errors.text().empty() ? "unknown flag" : "no good value in";
  if (count > 1) throw UsageError(fmt::format("{} '{}'; --help lists all", problem, pointers[1]));
}

/// Throws UsageError, naming `flag`, where the file at `path` can't be written. Makes the file
/// where there is none. Blocks.
inline void check_writable(const std::string& flag, const std::string& path)
{
  if (std::ofstream(path, std::ios::app)) return;
  throw UsageError(
      fmt::format("{}: {}: {}; give a file that can be written", flag, path, std::strerror(errno)));
}

/// The same for the file of --benchmark_out, if there is one.
inline void check_out_file(const std::vector<std::string>& arguments)
{
  const std::string path = flag_value(arguments, "--benchmark_out");
  if (!path.empty()) check_writable("--benchmark_out", path);
}

/// Throws std::runtime_error where the JSON of --benchmark_out is not whole, for Google Benchmark
/// doesn't notice that a disk is full. Blocks.
inline void check_record_whole(const std::vector<std::string>& arguments)
{
  const std::string path = flag_value(arguments, "--benchmark_out");
  const std::string format = flag_value(arguments, "--benchmark_out_format");
  if (path.empty() || (!format.empty() && format != "json")) return;
  if (!std::filesystem::is_regular_file(path)) return;
  std::ifstream file(path, std::ios::ate);
  std::string end(2, '\0');
  file.seekg(-2, std::ios::end);
  file.read(end.data(), 2);
  if (end != "}\n")
    throw std::runtime_error(fmt::format(
        "--benchmark_out: {}: the record is not whole; is the disk full? Give another file", path));
}

}  // namespace two_cakes
