// The figures of the echo clients as a line of text: how they leave the clients' process.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/errors.hpp"
#include "work/echo_clients.hpp"

namespace two_cakes {
namespace {

using Field = std::pair<std::string_view, double EchoFigures::*>;
constexpr std::array kFields{Field{"seconds", &EchoFigures::seconds},
                             Field{"p50_ms", &EchoFigures::p50_ms},
                             Field{"p90_ms", &EchoFigures::p90_ms},
                             Field{"p99_ms", &EchoFigures::p99_ms},
                             Field{"p99_9_ms", &EchoFigures::p99_9_ms},
                             Field{"max_ms", &EchoFigures::max_ms},
                             Field{"server_cpu_s", &EchoFigures::server_cpu_s},
                             Field{"client_cpu_s", &EchoFigures::client_cpu_s}};

/// Takes `name=NUMBER` off the front of `line`.
double take(std::string_view& line, std::string_view name)
{
  double value = 0;
  if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) {
    const char* begin = line.data() + name.size() + 1;
    const char* end = line.data() + line.size();
    const auto parsed = std::from_chars(begin, end, value);
    if (parsed.ec == std::errc() && (parsed.ptr == end || *parsed.ptr == ' ')) {
      line.remove_prefix(static_cast<std::size_t>(parsed.ptr - line.data()));
      if (!line.empty()) line.remove_prefix(1);
      return value;
    }
  }
  throw UsageError(fmt::format("no figures of echo clients: {} is missing at '{}'", name, line));
}

}  // namespace

void set_percentiles(EchoFigures& figures, std::vector<double> latencies_ms)
{
  if (latencies_ms.empty()) return;
  std::sort(latencies_ms.begin(), latencies_ms.end());
  const auto rank = [&](double percent) {
    // A little less, or 99.9 % of 1,000 would come out above 999: 99.9 has no exact double.
    const double exact = percent * static_cast<double>(latencies_ms.size()) / 100 - 1e-9;
    return latencies_ms[static_cast<std::size_t>(std::max(std::ceil(exact), 1.0)) - 1];
  };
  figures.p50_ms = rank(50);
  figures.p90_ms = rank(90);
  figures.p99_ms = rank(99);
  figures.p99_9_ms = rank(99.9);
  figures.max_ms = latencies_ms.back();
}

std::string to_line(const EchoFigures& figures)
{
  std::string line = fmt::format("messages={}", figures.messages);
  for (const auto& [name, member] : kFields) line += fmt::format(" {}={}", name, figures.*member);
  return line;
}

EchoFigures parse_figures(std::string_view line)
{
  while (line.ends_with('\n')) line.remove_suffix(1);
  EchoFigures figures;
  figures.messages = static_cast<std::uint64_t>(take(line, "messages"));
  for (const auto& [name, member] : kFields) figures.*member = take(line, name);
  return figures;
}

}  // namespace two_cakes
