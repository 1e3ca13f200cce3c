// Question       How late is the slow server, and how much does a client cost it?
// Fixed          one server process, one client process (raw epoll), loopback.
// Varied         who else is there: nobody; 1,000 clients that all connect at once (rush);
//                10,000 connections whose answers are all due within one delay (crowd).
// Expect         nobody: 0.2 ms late, most of it the way there and back. A crowd: the same for
//                most, as long as the machine has a core for the server and one for the client.
// Does not show  the two processes' shares: a late client makes the server look late.
// Exit codes     0 good; 1 a wrong, lost or early answer, or p99 of 1 ms or more when idle;
//                2 bad usage.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>
#include <vector>

#include "limits.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "own_server.hpp"

namespace {

using namespace two_cakes::slow_server_check;
using std::chrono::milliseconds;

constexpr double kIdleLimitMs = 1;
constexpr int kRushes = 9;

void print_lateness(std::string_view name, const Lateness& late)
{
  fmt::print("{:<43} p50 {:.3f}  p99 {:.3f}  max {:.3f} ms late\n", name, late.percentile(50),
             late.percentile(99), late.percentile(100));
}

void print_rushes(std::uint16_t port, std::size_t clients)
{
  std::vector<double> rushes;
  for (int i = 0; i < kRushes; ++i) {
    rushes.push_back(measure_rush(port, clients, milliseconds{20}));
  }
  std::sort(rushes.begin(), rushes.end());
  fmt::print("{:<43} {:.1f} ms until all are done (median of {}: {:.1f} to {:.1f})\n",
             fmt::format("rush: {} clients connect at once, 20 ms", clients), rushes[kRushes / 2],
             kRushes, rushes.front(), rushes.back());
}

/// The exit code, with a line on stderr for what is wrong.
int verdict(const Lateness& idle, const Lateness& crowd)
{
  const bool early = std::min(idle.sorted_ms.front(), crowd.sorted_ms.front()) < 0;
  if (early) fmt::print(stderr, "slow_server_check: an answer came before its delay was over\n");
  const bool late = idle.percentile(99) >= kIdleLimitMs;
  if (late) {
    fmt::print(stderr, "slow_server_check: p99 is {} ms or more when idle; is the machine busy?\n",
               kIdleLimitMs);
  }
  return early || late ? 1 : 0;
}

int check(const Options& options, std::uint16_t port)
{
  const auto connections = admitted_connections(options.connections);
  const milliseconds delay{options.delay_ms};
  const auto idle = measure_idle(port, options.requests, milliseconds{20});
  print_lateness(fmt::format("idle: 1 connection, {} times 20 ms", options.requests), idle);
  print_rushes(port, std::min(options.clients, connections));
  // Last, because its connections keep the server busy for a while when they close.
  const auto crowd = measure_crowd(port, connections, delay, delay * 4 / 5);
  print_lateness(fmt::format("crowd: {} waiting at once, {} ms", connections, delay.count()),
                 crowd);
  return verdict(idle, crowd);
}

}  // namespace

int main(int argc, char** argv)
{
  const auto read = read_options(argc, argv);
  if (const auto* exit_code = std::get_if<int>(&read)) return *exit_code;
  const auto& options = std::get<Options>(read);
  try {
    std::optional<OwnServer> server;
    const auto port = options.port != 0 ? options.port : server.emplace().port();
    return check(options, port);
  } catch (const std::exception& error) {
    const auto remedy = options.port == 0 ? "" : "; does a slow_server run on that --port?";
    fmt::print(stderr, "slow_server_check: {}{}\n", error.what(), remedy);
    return 1;
  }
}
